import { Facts } from '../../../components/facts.tsx'
import { Section } from '../../../components/section.tsx'

/** The words that all pages use. */
export function WordsSection() {
  return (
    <Section id="words" title="Words">
      <div className="max-w-[80ch]">
        <Facts
          facts={[
            ['spec', 'What to train and how to evaluate it: one JSON file, identified by its digest.'],
            ['run', 'One spec with one seed.'],
            [
              'experiment',
              'A spec without its name, description and seeds: what is trained, seed by seed. Specs that differ only in these are the same experiment.',
            ],
            ['entry', 'The runs of one experiment on one track, aggregated: a row of the board.'],
            [
              'track',
              'Dataset, splits, preprocessing, evaluation protocol and cost convention, as one digest. Only entries of one track share a table.',
            ],
            ['exit k', 'The k-th classifier of a network; 1 is the shallowest, K is how many there are.'],
            ['head', 'What turns a feature map of the backbone into the logits of an exit.'],
            ['manifest', 'The JSON document of a finished run: everything needed to repeat and to check it.'],
            [
              'published number',
              'Printed in a paper, with its citation. It is never a run and never ranked with runs.',
            ],
          ]}
        />
      </div>
    </Section>
  )
}
