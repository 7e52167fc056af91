import { exitNumbers, type StudyResults } from '@mate-bench/results/study'
import { decimal, percent, signedInterval, signedPercent } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

/** Every method of the study: each exit with its interval, and against joint training. */
export function StudyMethodTable({ study }: { readonly study: StudyResults }) {
  const exits = exitNumbers(study)
  return (
    <div className="card">
      <TableScroll label="Every method of the study">
        <table className="data">
          <caption className="sr-only">Every method of the study</caption>
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col" className="num">
                Seeds
              </th>
              {exits.flatMap((k) => [
                <th key={`${k}`} scope="col" className="num">
                  Exit {k}, %
                </th>,
                <th key={`${k} difference`} scope="col" className="num">
                  Exit {k} minus joint
                </th>,
              ])}
              <th scope="col" className="num">
                Training MACs × joint
              </th>
              <th scope="col" className="num">
                Seconds, fastest run
              </th>
            </tr>
          </thead>
          <tbody>
            {study.methods.map(({ name, method, what, seeds, exits: own, trainingMacs, fastestSeconds }) => (
              <tr key={name}>
                <th scope="row" title={what}>
                  <a className="link" href={`/methods/${method}`}>
                    {name}
                  </a>
                </th>
                <td className="num">{seeds.length}</td>
                {own.flatMap(({ k, mean, lower, upper, againstJoint }) => [
                  <td key={`${k}`} className="num">
                    {percent(mean)}
                    <span className="block text-[0.85em] text-soft">
                      [{percent(lower)}, {percent(upper)}]
                    </span>
                  </td>,
                  <td key={`${k} difference`} className="num">
                    {againstJoint ? (
                      <>
                        <span className={againstJoint.apart ? 'font-bold' : ''}>
                          {signedPercent(againstJoint.difference)}
                        </span>
                        <span className="block text-[0.85em] text-soft">{signedInterval(againstJoint)}</span>
                      </>
                    ) : (
                      '–'
                    )}
                  </td>,
                ])}
                <td className="num">{trainingMacs === null ? '–' : decimal(trainingMacs, 2)}</td>
                <td className="num">{decimal(fastestSeconds, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  )
}
