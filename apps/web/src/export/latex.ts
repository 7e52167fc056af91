import { escapeTex } from '../view/bibtex.ts'
import type { BoardParams } from '../view/board-params.ts'
import { intervalText, numbersIn, percent, unitName } from '../view/numbers.ts'
import type { BoardRow } from './board-rows.ts'

const { si } = numbersIn('latex')

/** A float holds about so many lines; longer tables break across pages. */
const mostLinesOfFloat = 45

/**
 * A booktabs table as wide as a column of text, an entry's name on a line above its exits. Costs are in the unit of the view.
 * What is longer than a page is a `longtable`.
 */
export function toLatex(rows: readonly BoardRow[], caption: string, unit: BoardParams['unit']): string {
  const entries = new Set(rows.map(({ entry }) => entry)).size
  const isLong = rows.length + entries > mostLinesOfFloat
  const head = `Exit & Top-1 (\\%) & 95\\,\\% interval & ${unitName(unit)} & Params \\\\`
  const body = rows.flatMap((row, i) => {
    const isFirst = rows[i - 1]?.entry !== row.entry
    return isFirst ? [entryLine(row, i > 0), exitLine(row, unit)] : [exitLine(row, unit)]
  })
  const lines = isLong ? longTable({ caption, head, body }) : floatTable({ caption, head, body })
  return `${lines.join('\n')}\n`
}

interface Parts {
  readonly caption: string
  readonly head: string
  readonly body: readonly string[]
}

const columns = '@{}llrrr@{}'
const footnote =
  '{\\footnotesize $^\\ast$ One seed: not ranked; its interval cannot show the spread between its own seeds.}'

function floatTable({ caption, head, body }: Parts): string[] {
  return [
    '% Needs \\usepackage{booktabs}',
    '\\begin{table}',
    '\\centering',
    `\\caption{${escapeTex(caption)}}`,
    `\\begin{tabular*}{\\columnwidth}{@{\\extracolsep{\\fill}}${columns}}`,
    ...['\\toprule', head, '\\midrule', ...body, '\\bottomrule'],
    '\\end{tabular*}',
    `\\\\[2pt] ${footnote}`,
    '\\end{table}',
  ]
}

function longTable({ caption, head, body }: Parts): string[] {
  return [
    '% Needs \\usepackage{booktabs,longtable}, and one column of text',
    `\\begin{longtable}{${columns}}`,
    `\\caption{${escapeTex(caption)}} \\\\`,
    ...['\\toprule', head, '\\midrule', '\\endfirsthead', '\\toprule', head, '\\midrule', '\\endhead'],
    ...[
      '\\bottomrule',
      '\\endfoot',
      `\\bottomrule \\multicolumn{5}{@{}l@{}}{${footnote}} \\\\`,
      '\\endlastfoot',
    ],
    ...body,
    '\\end{longtable}',
  ]
}

/** Name, method, network, seeds and rank, over all columns. */
function entryLine(row: BoardRow, hasOther: boolean): string {
  const name = escapeTex(row.synthetic ? `${row.name} (synthetic)` : row.name)
  const rank = row.rank === null ? 'not ranked' : `rank ${row.rank}`
  const of = `${escapeTex(row.method)}, ${escapeTex(row.network)}, $n = ${row.n}$, ${rank}`
  const space = hasOther ? '\\addlinespace\n' : ''
  // A paragraph wraps where the name is long.
  return `${space}\\multicolumn{5}{@{}p{\\columnwidth}@{}}{\\raggedright \\textbf{${name}}: ${of}} \\\\`
}

function exitLine(row: BoardRow, unit: BoardParams['unit']): string {
  const mark = row.intervalSeedShare === 'own' ? '' : '$^\\ast$'
  return `${[
    row.exit,
    percent(row.top1),
    `${intervalText({ lower: row.top1Lower, upper: row.top1Upper })}${mark}`,
    si(unit === 'flops' ? row.sequentialFlops : row.sequentialMacs),
    si(row.parameters),
  ].join(' & ')} \\\\`
}
