import { bytes, duration, integer, shortDigest, si } from '../../view/numbers.ts'
import { Facts } from '../facts.tsx'
import type { CheckedSpec } from '../spec/check-spec.ts'
import { NoChecker, SpecProblems } from '../spec/spec-problems.tsx'
import type { SubmissionLimits } from './submission-limits.ts'
import type { TrainingSpeed } from './training-speed.ts'

interface SpecCheckProps {
  /** Of the line that says how the check went. */
  readonly verdictId: string
  readonly checked: CheckedSpec | 'unloadable'
  /** Shows a line of the text, from 1. */
  readonly onLine: (line: number) => void
  readonly speed: TrainingSpeed | undefined
  readonly limits: SubmissionLimits
}

/** Every problem with its place and what to do, or what the spec asks for. */
export function SpecCheck({ verdictId, checked, onLine, speed, limits }: SpecCheckProps) {
  return (
    <section aria-label="Check" aria-live="polite" className="card min-h-80 px-4 py-3.5">
      {checked === 'unloadable' ? (
        <NoChecker verdictId={verdictId} />
      ) : checked.ok ? (
        <Preview verdictId={verdictId} checked={checked} speed={speed} limits={limits} />
      ) : (
        <SpecProblems verdictId={verdictId} problems={checked.problems} onLine={onLine} />
      )}
    </section>
  )
}

interface PreviewProps {
  readonly verdictId: string
  readonly checked: Extract<CheckedSpec, { ok: true }>
  readonly speed: TrainingSpeed | undefined
  readonly limits: SubmissionLimits
}

function Preview({ verdictId, checked, speed, limits }: PreviewProps) {
  const { specDigest, runs, parameters, exits } = checked
  const total = checked.totalMacs
  return (
    <>
      <h2 id={verdictId} className="text-[1.05rem] text-good">
        The spec is valid
      </h2>
      <div className="mt-2">
        <Facts
          facts={[
            ['Digest', <code key="digest">{shortDigest(specDigest)}</code>],
            ['Runs', `${runs}, one per seed`],
            ['Parameters', integer(parameters)],
            [
              'Compute',
              total > limits.macs ? (
                <strong key="compute" className="text-bad">
                  {si(total)} MACs, more than the {si(limits.macs)} MACs that one submission may request
                </strong>
              ) : (
                `${si(total)} MACs for training and evaluation`
              ),
            ],
            ['Per image', `${si(checked.trainingMacsPerImage)} MACs of forward passes in each epoch`],
            [
              'Memory',
              checked.trainingBytes > limits.bytes ? (
                <strong key="memory" className="text-bad">
                  about {bytes(checked.trainingBytes)} while a run trains, more than the {bytes(limits.bytes)}{' '}
                  that a run may use
                </strong>
              ) : (
                `about ${bytes(checked.trainingBytes)} while a run trains`
              ),
            ],
            [
              'Time',
              speed
                ? `about ${duration(total / speed.macsPerSecond)}, one run after another, at the speed of the latest run (${speed.where})`
                : 'unknown until a run has been published',
            ],
          ]}
        />
      </div>
      <table className="data mt-3">
        <caption className="sr-only">Costs of the exits</caption>
        <thead>
          <tr>
            <th scope="col">Exit</th>
            <th scope="col">After</th>
            <th scope="col" className="num">
              Isolated MACs
            </th>
            <th scope="col" className="num">
              Sequential MACs
            </th>
          </tr>
        </thead>
        <tbody>
          {exits.map(({ k, after, isolatedMacs, sequentialMacs }) => (
            <tr key={k}>
              <th scope="row">{k}</th>
              <td>{after}</td>
              <td className="num">{si(isolatedMacs)}</td>
              <td className="num">{si(sequentialMacs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
