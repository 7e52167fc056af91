import { plural } from '@mate-bench/worker/numbers'
import type { Painter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { formatTable } from '../format/table.ts'
import type { Circumstance } from './circumstances.ts'
import { type Comparison, type NumberPair, sameFile, sameNumber, sameWithin } from './compare-runs.ts'

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

/** The verdict, with a table of what differs. */
export function verdictText(
  comparison: Comparison,
  circumstances: readonly Circumstance[],
  paint: Painter,
): string {
  const { verdict, files, numbers } = comparison
  const count = plural(numbers.length, 'number')
  const fileLines = files.map(
    (file) =>
      `  ${sameFile(file) ? paint('green', '=') : paint('yellow', '≠')} ${file.role.padEnd(22)} ` +
      (sameFile(file) ? short(file.here) : `published ${short(file.published)}, here ${short(file.here)}`),
  )
  if (verdict === 'same-bytes') {
    const line = paint('green', `Same bytes: predictions and weights have the published digests.`)
    return [...fileLines, `✓ ${line} All ${count} are equal.`].join('\n')
  }
  if (verdict === 'same-numbers') {
    const line = paint('green', `Same numbers: all ${count} agree within ${sameWithin}.`)
    const rest = files.every(sameFile)
      ? 'The files are the published ones; what was computed from them differs in the last digits.'
      : 'The files are not the same byte for byte.'
    return [...fileLines, `✓ ${line} ${rest}`].join('\n')
  }
  const differing = numbers.filter((pair) => !sameNumber(pair)).length
  return [
    ...fileLines,
    ...differenceLines(numbers, paint),
    `✗ ${paint('red', `Differs: ${differing} of ${count}.`)} ${reason(comparison, circumstances)}`,
  ].join('\n')
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
    ...[pair.published, pair.here].map((value) => (value == null ? '–' : value.toFixed(6))),
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
  return `${here < published ? '−' : '+'}${Math.abs(here - published).toFixed(6)}`
}

function reason({ files, sameTrack }: Comparison, circumstances: readonly Circumstance[]): string {
  if (!sameTrack)
    return 'The tracks differ: it was not trained and judged on the same images in the same way.'
  if (files.every(sameFile)) return 'The files are the published ones: the published numbers are not theirs.'
  const other = circumstances.filter(({ same }) => !same).map(({ what }) => what)
  return other.length > 0
    ? `What differs beforehand (${other.join(', ')}) may be why; see docs/reproducing.md.`
    : 'Nothing that could be compared beforehand explains it.'
}

function short(sha256: string | undefined): string {
  return sha256 === undefined ? 'none' : sha256.slice(0, 16)
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
