import type { Metadata } from 'next'
import { Section } from '../../components/section.tsx'

export const metadata: Metadata = {
  title: 'About',
  description:
    'What MATE Bench is, what it promises for each number, what the MATE reconstruction is, licences and how to cite.',
}

export default function AboutPage() {
  return (
    <>
      <h1>About</h1>
      <div className="prose">
        <p>
          MATE Bench trains multi-exit (early-exit) image classifiers, measures every exit, and publishes the
          result so that anyone can check it. It is for those who compare training methods, those who want
          their own method compared, and those who check a published number.
        </p>
        <p>
          Papers on multi-exit networks report accuracy under different FLOPs conventions, heads and splits,
          with epochs chosen on the test set, and often with one seed. Their numbers cannot be compared
          directly. Here they can, because
        </p>
        <ul>
          <li>
            costs are exact for each exit, isolated and sequential, and come from the same description that is
            trained;
          </li>
          <li>
            nothing is chosen on test data: no epoch, no threshold, no hyper-parameter. A spec cannot ask for
            it;
          </li>
          <li>
            every number can be recomputed from the run's predictions or its weights, and on the same
            processor and backend training it again gives the same bytes;
          </li>
          <li>
            seeds and intervals are always shown, and entries share a rank unless they differ significantly in{' '}
            <a className="link" href="/docs#ranks">
              paired tests
            </a>
            .
          </li>
        </ul>
      </div>
      <Section id="mate" title="The name, and the method MATE">
        <div className="prose">
          <p>
            The bench is named after <em>multi-exit self-distillation with appropriate teachers</em> (Sun,
            Chen, Wang, Ye, Feng, Chen; Frontiers of Information Technology &amp; Electronic Engineering
            25(4), 585–599, 2024;{' '}
            <a className="link" href="https://doi.org/10.1631/FITEE.2200644">
              doi:10.1631/FITEE.2200644
            </a>
            ). The paper's text and code are not openly available. The{' '}
            <a className="link" href="/methods/mate">
              method here
            </a>{' '}
            is a reconstruction from its abstract, its framework figure and the code of an earlier method by
            the same group. It may differ from the paper, and every choice that these sources leave open is an
            option. Its results neither confirm nor refute the paper's.
          </p>
        </div>
      </Section>
      <Section id="published" title="Numbers from papers">
        <div className="prose">
          <p>
            Beside the runs, the site shows numbers printed in papers, each with its citation, the table it is
            from, and what to know before comparing: an epoch chosen on the test set, another recipe, other
            heads, only top-5. They are drawn hollow, on request, and never ranked with runs.
          </p>
        </div>
      </Section>
      <Section id="limits" title="What it does not show">
        <div className="prose">
          <ul>
            <li>
              MACs are not time or energy. How long an image takes depends on the machine, the batch and the
              library.
            </li>
            <li>
              A spec fixes one recipe for a method. Another learning rate or schedule might rank the methods
              differently.
            </li>
            <li>
              Digests show that files were not changed, not that they were made as claimed. That is what the{' '}
              <a className="link" href="/docs#tiers">
                tiers
              </a>{' '}
              are for.
            </li>
          </ul>
        </div>
      </Section>
      <Section id="licence" title="Licence and citing">
        <div className="prose">
          <p>
            The software is under the MIT licence. Datasets have licences of their own, which their pages
            name; predictions and weights carry no images. The page of each entry has a BibTeX entry with the
            digest of its spec, its seeds and the date, so that a citation refers to exactly this experiment;
            that of a run names its manifest.
          </p>
        </div>
      </Section>
      <Section id="privacy" title="Privacy">
        <div className="prose">
          <p>
            The software loads nothing from other sites and does not track readers. It sets no cookies; your
            browser alone remembers the colour scheme that you choose. Requests with a token are counted for
            each token and address, to limit them; the owner of a token is shown with its submissions.
          </p>
        </div>
      </Section>
    </>
  )
}
