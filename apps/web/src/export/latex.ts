import { escapeTex } from '../view/bibtex.ts'
import { percent, si } from '../view/numbers.ts'
import type { BoardRow } from './board-rows.ts'

/** A booktabs table, a row an exit, with the interval under each accuracy's name. */
export function toLatex(rows: readonly BoardRow[], caption: string): string {
  const body = rows.map((row, i) => {
    const isFirst = rows[i - 1]?.entry !== row.entry
    const head = isFirst
      ? [String(row.rank), escapeTex(row.name), escapeTex(row.method), String(row.n)]
      : ['', '', '', '']
    const cells = [
      ...head,
      row.exit,
      percent(row.top1),
      `[${percent(row.top1Lower)}, ${percent(row.top1Upper)}]${row.intervalCoversSeeds ? '' : '$^\\ast$'}`,
      si(row.sequentialMacs),
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
Rank & Entry & Method & $n$ & Exit & Top-1 (\\%) & 95\\,\\% interval & MACs & Params \\\\
\\midrule
${body.join('\n')}
\\bottomrule
\\end{tabular}
\\\\[2pt] {\\footnotesize $^\\ast$ One seed: the interval covers the test images only.}
\\end{table}
`
}
