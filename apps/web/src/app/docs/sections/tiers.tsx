import { Section } from '../../../components/section.tsx'
import { TableScroll } from '../../../components/table-scroll.tsx'

const tiers = [
  ['published', 'Printed in a paper. Not a run, and never ranked with runs.'],
  [
    'reported',
    'A run as its author sent it: not signed, without predictions, or on data that this site does not have.',
  ],
  [
    'recomputed',
    'Its author signed it, every number was recomputed here from the predictions, labels were compared with the dataset, and the published weights gave the same predictions on a sample.',
  ],
  [
    're-evaluated',
    'A worker of this site ran the published weights on every image and compared each prediction.',
  ],
  [
    'retrained',
    'The weights were run again, and the spec was trained again: the result has the same bits, or is equivalent over seeds.',
  ],
  ['third-party', 'Trained again by somebody who neither made the run nor operates this site.'],
] as const

/** How far each tier has been checked. */
export function TiersSection() {
  return (
    <Section
      id="tiers"
      title="What a tier means"
      note="How far a result has been checked, weakest first. An entry has the weakest tier of its runs."
    >
      <div className="card max-w-[80ch]">
        <TableScroll label="Tiers">
          <table className="data">
            <thead>
              <tr>
                <th scope="col">Tier</th>
                <th scope="col">What was done</th>
              </tr>
            </thead>
            <tbody>
              {tiers.map(([name, meaning]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="wrap">{meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      </div>
      <div className="prose">
        <p>
          <code>mate-bench publish</code> and the workers of this site check all of a run before they store
          it. A run that does not verify is refused; one that is not signed, or whose predictions or data the
          site does not have, is <em>reported</em>. The checks show that the numbers follow from the
          predictions, and these from the weights. They do not show how the weights were made: for that a run
          has to be repeated, as <code>mate-bench check</code> and <code>mate-bench reproduce</code> do. An
          entry loses its rank when a check finds a difference, until an operator has ruled on it.
        </p>
      </div>
    </Section>
  )
}
