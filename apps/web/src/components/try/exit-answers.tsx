import type { ExitAnswer } from '@mate-bench/harness/published-network'
import { leavingExit } from '../../view/leaving-exit.ts'
import { decimal, percent, percentText, si } from '../../view/numbers.ts'
import { TableScroll } from '../table-scroll.tsx'

/** What the run published of an image, by exit. */
export interface PublishedAnswer {
  readonly predicted: number
  readonly confidence: number
}

interface ExitAnswersProps {
  readonly sequentialMacs: readonly number[]
  readonly classes: readonly string[]
  /** Shallowest first; those that are still computed are missing. */
  readonly answers: readonly ExitAnswer[]
  /** Only for a test image. */
  readonly published: readonly PublishedAnswer[] | undefined
  readonly threshold: number
}

/** Confidences may differ in their last digits: another backend sums in another order. */
const tolerance = 1e-3

export function agrees(answer: ExitAnswer, published: PublishedAnswer): boolean {
  const isNear = Math.abs(answer.confidence - published.confidence) <= tolerance
  return answer.predicted === published.predicted && isNear
}

/** Every exit's answer, as it comes; beside it what the run published of the same image. */
export function ExitAnswers({ sequentialMacs, classes, answers, published, threshold }: ExitAnswersProps) {
  const leaves = leavingExit(
    answers.map(({ confidence }) => confidence),
    sequentialMacs.length,
    threshold,
  )
  return (
    <TableScroll label="Answers of the exits">
      <table className="data">
        <caption className="sr-only">Class, confidence and cost of every exit for this image</caption>
        <thead>
          <tr>
            <th scope="col">Exit</th>
            <th scope="col">Class</th>
            <th scope="col" className="num">
              Confidence %
            </th>
            <th scope="col" className="num">
              MACs
            </th>
            <th scope="col" className="num">
              ms
            </th>
            {published ? <th scope="col">Published</th> : null}
          </tr>
        </thead>
        <tbody>
          {sequentialMacs.map((macs, i) => {
            const answer = answers[i]
            const stated = published?.[i]
            const isBehind = leaves !== undefined && i + 1 > leaves
            return (
              <tr
                // biome-ignore lint/suspicious/noArrayIndexKey: the place is the exit
                key={i}
                className={`exit-answer ${leaves === i + 1 ? 'bg-mark' : ''}`}
                data-lit={answer !== undefined}
                style={{ transitionDelay: `${answer ? i * 140 : 0}ms` }}
              >
                <th scope="row">
                  {i + 1}
                  {leaves === i + 1 ? <span className="tag ml-2">leaves here</span> : null}
                  {isBehind ? <span className="tag ml-2">not needed</span> : null}
                </th>
                <td>{answer ? classes[answer.predicted] : '…'}</td>
                <td className="num">{answer ? percent(answer.confidence, 1) : ''}</td>
                <td className="num">{si(macs)}</td>
                <td className="num">{answer ? decimal(answer.milliseconds, 1) : ''}</td>
                {published ? (
                  <td>
                    {stated ? `${classes[stated.predicted]}, ${percentText(stated.confidence, 1)}` : ''}
                    {stated && answer ? (
                      <span className={agrees(answer, stated) ? 'ml-2 text-good' : 'ml-2 text-bad'}>
                        {agrees(answer, stated) ? 'agrees' : 'differs'}
                      </span>
                    ) : null}
                  </td>
                ) : null}
              </tr>
            )
          })}
        </tbody>
      </table>
    </TableScroll>
  )
}
