import { Section } from '../../../components/section.tsx'

/** What the intervals cover, and what they do not. */
export function IntervalsSection() {
  return (
    <Section id="intervals" title="Intervals">
      <div className="prose">
        <p>
          A 95 % interval covers two things that might have come out otherwise: the seeds, and the test
          images. It is made by a bootstrap that resamples both and crosses them (2,000 resamples, drawn from
          a fixed seed, so that the same runs give the same interval). Of S seeds, S − 1 are drawn, which
          keeps the seeds' share of the variance unbiased. The exits of an entry share the draw of their
          seeds, and all entries share the draw of the images.
        </p>
        <p>
          With one seed the interval covers the test images alone, and says so. It then tells nothing about
          what another seed would give. A seed that was run twice counts once: the first finished run stands.
        </p>
        <p>
          With two or three seeds whose results lie far apart the interval is too narrow. On simulated
          accuracies it covered 87 % with three seeds that spread 3.5 times as much as the noise of the
          images, and 96 to 98 % where the seeds spread less than that noise.
        </p>
      </div>
    </Section>
  )
}
