import { pairName, pairsOf, pairVerdict, type Question } from '@mate-bench/results/study'
import { pValueText, signedInterval, signedPercent } from '../../view/numbers.ts'
import { DataTable } from '../data-table.tsx'

/** A question of the study: one line an answer, then the differences that it rests on. */
export function QuestionAnswers({ question }: { readonly question: Question }) {
  const pairs = pairsOf(question)
  if (pairs.length === 0) return <p>Not trained yet.</p>
  return (
    <>
      <ul className="max-w-[80ch] space-y-1">
        {pairs.map(({ of, answers }) => (
          <li key={of}>
            <span className="font-semibold">{pairName(of)}</span>: {pairVerdict(answers)}
          </li>
        ))}
      </ul>
      <div className="card mt-2 w-fit max-w-full">
        <DataTable
          label={question.asks}
          narrow
          columns={[
            'Difference',
            { number: 'Exit' },
            { number: 'Seeds' },
            { number: 'Points' },
            { number: '95\u202f% interval' },
            { number: 'p, Holm' },
          ]}
        >
          {question.answers.map((answer) => (
            <tr key={`${answer.of} ${answer.k}`}>
              <th scope="row">{answer.of}</th>
              <td className="num">{answer.k ?? '–'}</td>
              <td className="num">{answer.seeds}</td>
              <td className={answer.apart ? 'num font-bold' : 'num'}>{signedPercent(answer.difference)}</td>
              <td className="num">{signedInterval(answer)}</td>
              <td className="num">{answer.seeds < 2 ? '–' : pValueText(answer.adjustedPValue)}</td>
            </tr>
          ))}
        </DataTable>
      </div>
    </>
  )
}
