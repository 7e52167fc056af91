import { escapeTex } from '../view/bibtex.ts'
import type { BoardParams } from '../view/board-params.ts'
import { percent, si, unitName } from '../view/numbers.ts'
import type { BoardRow } from './board-rows.ts'

/** A booktabs table, a row an exit, costs in the unit of the view. */
export function toLatex(rows: readonly BoardRow[], caption: string, unit: BoardParams['unit']): string {
  const body = rows.map((row, i) => {
    const isFirst = rows[i - 1]?.entry !== row.entry
    const head = isFirst
      ? [
          row.rank === null ? '--' : String(row.rank),
          escapeTex(row.synthetic ? `${row.name} (synthetic)` : row.name),
          escapeTex(row.method),
          String(row.n),
        ]
      : ['', '', '', '']
    const cells = [
      ...head,
      row.exit,
      percent(row.top1),
      `[${percent(row.top1Lower)}, ${percent(row.top1Upper)}]${row.intervalSeedShare === 'own' ? '' : '$^\\ast$'}`,
      si(unit === 'flops' ? row.sequentialFlops : row.sequentialMacs),
      si(row.parameters),
    ]
    return `${isFirst && i > 0 ? '\\addlinespace\n' : ''}${cells.join(' & ')} \\\\`
  })
  return `% Needs \\usepackage{booktabs}
\\begin{table}
\\centering
\\caption{${escapeTex(caption)}}
\\begin{tabular}{rllrlrlrr}
\\toprule
Rank & Entry & Method & $n$ & Exit & Top-1 (\\%) & 95\\,\\% interval & ${unitName(unit)} & Params \\\\
\\midrule
${body.join('\n')}
\\bottomrule
\\end{tabular}
\\\\[2pt] {\\footnotesize $^\\ast$ One seed: not ranked; how far other seeds would lie is not the entry's own.}
\\end{table}
`
}
