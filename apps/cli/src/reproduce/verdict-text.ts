import {
  type Circumstance,
  type Judgement,
  type NumberPair,
  sameFile,
  sameNumber,
} from '@mate-bench/harness/reproduce'
import type { RetrainingEvidence } from '@mate-bench/schema'
import { decimal, percent, plural, signedDecimal, signedPercent } from '../format/numbers.ts'
import type { Painter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { formatTable } from '../format/table.ts'

/** What differs before the first step. */
export function circumstancesText(circumstances: readonly Circumstance[], paint: Painter): string {
  const other = circumstances.filter(({ same }) => !same)
  const same = circumstances.filter((circumstance) => circumstance.same).map(({ what }) => what)
  const lines = same.length > 0 ? [`  the same here: ${same.join(', ')}`] : []
  if (other.length === 0) return lines.join('\n')
  const rows = other.map(({ what, published, here }) => [what, printable(published), here])
  const table = formatTable([{ title: 'differs' }, { title: 'published' }, { title: 'here' }], rows, paint)
  const commit = other.find(({ what, published }) => what === 'commit' && published !== 'unknown')
  if (commit) {
    const changed = other.some(({ what, published }) => what === 'uncommitted changes' && published === 'yes')
    const code = changed ? 'The nearest to the code of the run' : 'The code of the run'
    lines.push(`  ${code}: git checkout ${printable(commit.published)} && npm ci`)
  }
  return [...lines, indent(table)].join('\n')
}

/** The one verdict, what it rests on, and why it may be so. */
export function verdictText(judgement: Judgement, paint: Painter): string {
  const { verdict, comparison, evidence, summary, cause } = judgement
  const fileLines = comparison.files.map(
    (file) =>
      `  ${sameFile(file) ? paint('green', '=') : paint('yellow', '≠')} ${file.role.padEnd(22)} ` +
      (sameFile(file) ? short(file.here) : `published ${short(file.published)}, here ${short(file.here)}`),
  )
  const [sign, colour, name] = headings[verdict]
  const because = cause === undefined ? [] : [`  Most likely cause: ${printable(cause)}.`]
  return [
    ...fileLines,
    ...(comparison.match === 'different' ? differenceLines(comparison.numbers, paint) : []),
    ...equivalenceLines(evidence, paint),
    `${sign} ${paint(colour, `${name}:`)} ${printable(summary)}.`,
    ...because,
  ].join('\n')
}

const headings = {
  identical: ['✓', 'green', 'Identical'],
  equal: ['✓', 'green', 'Equal within float32'],
  consistent: ['✓', 'green', 'Statistically consistent'],
  inconsistent: ['✗', 'red', 'Inconsistent'],
} as const

/** Each exit's difference from the entry with its interval, in points of top-1. */
function equivalenceLines({ equivalence }: RetrainingEvidence, paint: Painter): string[] {
  if (!equivalence) return []
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [{ title: 'top-1 of' }, right('difference'), right('90 % interval'), { title: '' }]
  const rows = equivalence.exits.map(({ k, difference, lower, upper, equivalent }) => [
    `exit ${k}`,
    signedPercent(difference),
    `${signedPercent(lower)} to ${signedPercent(upper)}`,
    equivalent ? 'equivalent' : 'not shown',
  ])
  const seeds = plural(equivalence.publishedSeeds, 'published seed')
  return [
    `  In points, against ${seeds}; within ±${percent(equivalence.margin)} counts as the same:`,
    indent(formatTable(columns, rows, paint)),
  ]
}

/** Exits and ensemble number by number; curves and matrices only by how far they are apart. */
function differenceLines(numbers: readonly NumberPair[], paint: Painter): string[] {
  const differing = numbers.filter((pair) => !sameNumber(pair))
  const listed = differing.filter(({ group }) => /^exit |^ensemble$/.test(group))
  const rest = new Map<string, number>()
  for (const pair of differing) {
    if (!listed.includes(pair)) rest.set(pair.group, (rest.get(pair.group) ?? 0) + 1)
  }
  const rows = listed.map((pair) => [
    pair.group,
    pair.name,
    ...[pair.published, pair.here].map((value) => (value == null ? '–' : decimal(value, 6))),
    signed(pair),
  ])
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [
    { title: 'of' },
    { title: 'metric' },
    right('published'),
    right('here'),
    right('difference'),
  ]
  return [
    ...(rows.length > 0 ? [indent(formatTable(columns, rows, paint))] : []),
    ...[...rest].map(([group, count]) => `  ${group}: ${plural(count, 'number')} apart`),
  ]
}

function signed({ published, here }: NumberPair): string {
  if (typeof published !== 'number' || typeof here !== 'number') return '–'
  return signedDecimal(here - published, 6)
}

function short(sha256: string | undefined): string {
  return sha256 === undefined ? 'none' : sha256.slice(0, 16)
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
