import { Section } from '../../../components/section.tsx'

/** Which operations count, and for which exits. */
export function CostsSection() {
  return (
    <Section id="costs" title="What is counted">
      <div className="prose">
        <p>
          <strong>MACs</strong> are the multiply-accumulates of convolution and linear layers for one image.
          Bias, batch normalisation, activation, pooling and addition count as 0. FLOPs = 2 × MACs. They are
          computed from the same description of the network that is trained, and are exact.
        </p>
        <ul>
          <li>
            <strong>Isolated</strong> MACs of exit k: the backbone up to the exit, and its own head; also the
            heads of earlier exits where a method adds their logits to its own (<code>boosted</code>).
          </li>
          <li>
            <strong>Sequential</strong> MACs of exit k: the backbone up to the exit, and the heads 1 to k.
            This is what early-exit inference pays, and what the chart draws.
          </li>
        </ul>
        <p>
          Many papers call multiply-accumulates FLOPs, and many leave out the heads of earlier exits. Check a
          paper's convention before you compare its numbers with these.
        </p>
        <p>
          Each exit is evaluated on all test images: top-1, top-5, negative log-likelihood, calibration error
          (ECE, 15 bins of equal width), and AUROC of confidence against correctness. The ensemble is the mean
          probability of all exits. Budgeted curves follow MSDNet's procedure, with thresholds fitted on the
          validation split.
        </p>
        <p>
          Nothing is chosen on test data: no epoch, no threshold, no option. A spec has no way to ask for it.
        </p>
      </div>
    </Section>
  )
}
