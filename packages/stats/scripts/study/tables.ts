import { integer, percent } from '@mate-bench/schema/numbers'
import type { Cell } from './cells.ts'
import type { Outcome } from './simulate.ts'

export interface CellResult {
  readonly cell: Cell
  readonly outcome: Outcome
}

/** A table of the study, as the page in docs and the site show it. */
export interface StudyTable {
  readonly title: string
  readonly note: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

type Kind = Cell['kind']
type Of<K extends Kind> = { readonly cell: Extract<Cell, { kind: K }>; readonly outcome: Outcome }

/** Everything that is stated of the study, from its cells and from nothing else. */
export function studyTables(results: readonly CellResult[]): StudyTable[] {
  const of = <K extends Kind>(kind: K) =>
    results.filter((result): result is Of<K> => result.cell.kind === kind)
  return [
    falseSeparations(of('pair'), of('unequal')),
    tableSeparations(of('table')),
    coverage(of('pair')),
    oneSeed(of('one-seed')),
    power(of('power')),
  ]
}

function falseSeparations(pairs: readonly Of<'pair'>[], unequal: readonly Of<'unequal'>[]): StudyTable {
  const images = valuesOf(pairs, ({ cell }) => cell.images)
  const rows = valuesOf(pairs, ({ cell }) => cell.seeds).map((seeds) => [
    `${seeds}`,
    ...images.map((n) =>
      range(pairs.filter(({ cell }) => cell.seeds === seeds && cell.images === n).map(shareApart)),
    ),
  ])
  const others = valuesOf(unequal, ({ cell }) => cell.seeds).map((seeds) => [
    `${seeds} against 10`,
    ...images.map((n) =>
      range(unequal.filter(({ cell }) => cell.seeds === seeds && cell.images === n).map(shareApart)),
    ),
  ])
  return {
    title: 'False positives: two equal entries found different (%)',
    note: `How often the test errs; 5 is nominal. The 95 % interval of the difference misses zero as often. Smallest to largest value over accuracies of 50, 80 and 95 %, seed standard deviations of 0, 0.25, 0.5, 1 and 2 points, and two shares of image × method variance; ${repetitionsOf(pairs)} repetitions a cell. Unequal numbers of seeds: at 80 % only.`,
    columns: ['Seeds each', ...images.map((n) => `${grouped(n)} images`)],
    rows: [...rows, ...others],
  }
}

function tableSeparations(tables: readonly Of<'table'>[]): StudyTable {
  const seeds = valuesOf(tables, ({ cell }) => cell.seeds)
  const rows = valuesOf(tables, ({ cell }) => cell.entries).map((entries) => [
    `${entries}`,
    ...seeds.flatMap((s) => {
      const own = tables.filter(({ cell }) => cell.entries === entries && cell.seeds === s)
      return [range(own.map(shareApart)), range(own.map(shareFromBaseline))]
    }),
  ])
  return {
    title: 'False positives in a table: equal entries, any found different (%)',
    note: `First between ranks, then from the baseline. Smallest to largest value over 1,000 and 10,000 images and seed standard deviations of 0.25 and 1 point, at 80 %; ${repetitionsOf(tables)} repetitions a cell.`,
    columns: ['Entries', ...seeds.flatMap((s) => [`${s} seeds: ranks`, `${s} seeds: baseline`])],
    rows,
  }
}

function coverage(pairs: readonly Of<'pair'>[]): StudyTable {
  const spreads = valuesOf(pairs, ({ cell }) => cell.seedSpread)
  const rows = valuesOf(pairs, ({ cell }) => cell.seeds).map((seeds) => [
    `${seeds}`,
    ...spreads.map((spread) =>
      range(
        pairs
          .filter(({ cell }) => cell.seeds === seeds && cell.seedSpread === spread)
          .map(({ outcome }) => (outcome.covered ?? 0) / outcome.repetitions),
      ),
    ),
  ])
  return {
    title: 'Coverage: the 95 % interval of an entry contains its true accuracy (%)',
    note: `Smallest to largest value over 100, 1,000 and 10,000 images, three accuracies and two shares of image × method variance; ${repetitionsOf(pairs)} repetitions a cell.`,
    columns: ['Seeds', ...spreads.map((spread) => `seed sd ${spread}`)],
    rows,
  }
}

function oneSeed(cells: readonly Of<'one-seed'>[]): StudyTable {
  const images = valuesOf(cells, ({ cell }) => cell.images)
  const spreads = valuesOf(cells, ({ cell }) => cell.seedSpread)
  const places = images.flatMap((n) => spreads.map((spread) => ({ n, spread })))
  const rows = valuesOf(cells, ({ cell }) => cell.others).map((others) => [
    others === 0 ? 'nothing' : `the five seeds and ${others} of three`,
    ...places.map(({ n, spread }) => {
      const own = cells.filter(
        ({ cell }) => cell.others === others && cell.images === n && cell.seedSpread === spread,
      )
      return range(own.map((result) => 1 - shareApart(result)))
    }),
  ])
  return {
    title: 'Coverage with one seed against five: the 95 % interval contains the true difference (%)',
    note: `Entries of one seed are not ranked. ${repetitionsOf(cells)} repetitions a cell, at 80 %.`,
    columns: ['Known of seeds', ...places.map(({ n, spread }) => `${grouped(n)} images, spread ${spread}`)],
    rows,
  }
}

function power(cells: readonly Of<'power'>[]): StudyTable {
  const seeds = valuesOf(cells, ({ cell }) => cell.seeds)
  const rows = valuesOf(cells, ({ cell }) => cell.images).flatMap((n) =>
    valuesOf(cells, ({ cell }) => cell.seedSpread).flatMap((spread) =>
      valuesOf(cells, ({ cell }) => cell.gap).map((gap) => [
        grouped(n),
        `${spread}`,
        `${gap}`,
        ...seeds.map((s) => {
          const own = cells.filter(
            ({ cell }) =>
              cell.images === n && cell.seedSpread === spread && cell.gap === gap && cell.seeds === s,
          )
          return range(own.map(shareApart), 0)
        }),
      ]),
    ),
  )
  return {
    title: 'Power: two different entries found different (%)',
    note: `Two entries in the table, at 80 %, with three tenths of the image variance in image × method; ${repetitionsOf(cells)} repetitions a cell.`,
    columns: ['Images', 'Seeds spread (points)', 'Gap (points)', ...seeds.map((s) => `${s} seeds`)],
    rows,
  }
}

const shareApart = ({ outcome }: { readonly outcome: Outcome }) => outcome.apart / outcome.repetitions
const shareFromBaseline = ({ outcome }: { readonly outcome: Outcome }) =>
  (outcome.apartFromBaseline ?? 0) / outcome.repetitions

function valuesOf<R>(results: readonly R[], value: (result: R) => number): number[] {
  return [...new Set(results.map(value))].sort((a, b) => a - b)
}

/** `3.1 to 5.4`, shares in percent; one number where they are equal, a dash where there are none. */
function range(shares: readonly number[], decimals = 1): string {
  if (shares.length === 0) return '–'
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map((share) => percent(share, decimals))
  return least === most ? `${least}` : `${least} to ${most}`
}

function repetitionsOf(results: readonly { readonly outcome: Outcome }[]): string {
  return grouped(Math.min(...results.map(({ outcome }) => outcome.repetitions)))
}

function grouped(count: number): string {
  return integer(count)
}

const begin = '<!-- written by npm run study:statistics -->'
const end = '<!-- end -->'

/** Puts the tables between their marks. */
export function writeTables(document: string, tables: readonly StudyTable[]): string {
  const [before, rest] = document.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`The document lacks ${begin} or ${end}.`)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const written = tables.map(({ title, note, columns, rows }) =>
    [
      `### ${title}`,
      '',
      note,
      '',
      line(columns),
      line(columns.map(() => '---:')),
      ...rows.map(line),
      '',
    ].join('\n'),
  )
  return `${before}${begin}\n\n${written.join('\n')}\n${end}${after}`
}
