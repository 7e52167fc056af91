import { parquetReadObjects } from 'hyparquet'
import * as parquet from 'parquet-wasm'
import { describe, expect, it } from 'vitest'
import { boardEntries } from '../testing/board-entries.ts'
import { bibtexEntry, entryNote, escapeTex } from '../view/bibtex.ts'
import { boardRows } from './board-rows.ts'
import { toCsv } from './csv.ts'
import { toLatex } from './latex.ts'
import { toParquet } from './parquet.ts'

const entries = boardEntries([
  { name: 'good_&_50%', top1: [0.7, 0.9] },
  { name: 'single', top1: [0.4, 0.5], seeds: [1] },
])
const rows = boardRows(entries)

describe('boardRows', () => {
  it('has a row an exit and one for the ensemble, with costs and n', () => {
    expect(rows.map(({ name, exit, n }) => [name, exit, n])).toEqual([
      ['good_&_50%', '1', 2],
      ['good_&_50%', '2', 2],
      ['good_&_50%', 'ensemble', 2],
      ['single', '1', 1],
      ['single', '2', 1],
      ['single', 'ensemble', 1],
    ])
    expect(rows[1]?.sequentialFlops).toBe(2 * (rows[1]?.sequentialMacs ?? 0))
    expect(rows[1]).toMatchObject({ network: 'resnet8', top1Within1MMacs: rows[1]?.top1 })
    expect(rows[3]).toMatchObject({ tier: 'recomputed', backends: 'wasm', synthetic: false })
    expect(rows[3]?.top1Sd).toBeNull()
    expect(rows[3]?.intervalSeedShare).not.toBe('own')
    expect(rows[3]?.rank).toBeNull()
  })
})

describe('what nobody trained', () => {
  const [made] = boardRows(entries.map((entry) => ({ ...entry, synthetic: true })))
  it('is marked in every file', () => {
    if (!made) throw new Error('there are entries')
    expect(made.synthetic).toBe(true)
    expect(toCsv([made])).toMatch(/,synthetic,(.*\r\n){1}.*,true,/)
    expect(toLatex([made], 'Entries', 'macs')).toContain(String.raw`good\_\&\_50\% (synthetic)`)
  })
})

describe('toCsv', () => {
  it('has as many fields in every line', () => {
    const lines = toCsv(rows).trimEnd().split('\r\n')
    expect(lines).toHaveLength(7)
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1)
  })

  it('quotes what would break a line, and disarms formulas', () => {
    expect(toCsv([{ a: 'x,"y"\nz', b: '=HYPERLINK("x")', c: null, d: -1.5 }])).toBe(
      'a,b,c,d\r\n"x,""y""\nz","\'=HYPERLINK(""x"")",,-1.5\r\n',
    )
  })
})

describe('toParquet', () => {
  const file = toParquet(rows, { source: 'https://bench.example/?track=1' })

  it('is a file that Arrow reads, with a column for each of the rows', () => {
    const table = parquet.readParquet(file)
    expect(table.recordBatches().reduce((sum, batch) => sum + batch.numRows, 0)).toBe(rows.length)
    const schema = Buffer.from(table.schema.intoIPCStream()).toString('latin1')
    for (const name of Object.keys(rows[0] ?? {})) expect(schema, name).toContain(name)
  })

  it('gives the rows back, counts as whole numbers and what is missing as null', async () => {
    const found = await parquetReadObjects({ file: file.buffer })
    expect(typeof found[0]?.sequentialMacs).toBe('bigint')
    const plain = found.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
      ),
    )
    expect(plain).toEqual(rows)
    expect(plain[3]).toMatchObject({ rank: null, top1Sd: null })
  })
})

describe('toLatex', () => {
  it('escapes names, marks single seeds, and prints the head of an entry once', () => {
    const table = toLatex(rows, 'Entries on a_b', 'macs')
    expect(table).toContain(String.raw`good\_\&\_50\%`)
    expect(table.match(/good/g)).toHaveLength(1)
    expect(table).toContain(String.raw`$^\ast$`)
    expect(table).toContain(String.raw`\caption{Entries on a\_b}`)
  })

  it('gives costs in the unit of the view', () => {
    const costs = (unit: 'macs' | 'flops') => {
      const [line = ''] = toLatex(rows, 'Entries', unit).match(/^1 & .*$/m) ?? []
      return Number(line.split(' & ').at(-2))
    }
    expect(costs('macs')).toBe(120)
    expect(costs('flops')).toBe(240)
    expect(toLatex(rows, 'Entries', 'flops')).toContain('& FLOPs & Params')
  })

  it('has as many cells in each line of an exit, and breaks across pages where it is long', () => {
    const lines = toLatex(rows, 'Entries', 'macs').split('\n')
    for (const line of lines.filter((text) => /^(\d+|ensemble) & /.test(text))) {
      expect(line.split(' & ')).toHaveLength(5)
    }
    expect(lines).toContain(String.raw`\end{tabular*}`)
    const many = Array.from({ length: 10 }, (_, i) =>
      rows.map((row) => ({ ...row, entry: `${row.entry} ${i}` })),
    )
    const long = toLatex(many.flat(), 'Entries', 'macs')
    expect(long).toContain(String.raw`\begin{longtable}`)
    expect(long).not.toContain(String.raw`\begin{table}`)
    expect(long.match(/\\endlastfoot/g)).toHaveLength(1)
  })

  it('leaves no character that TeX would act on', () => {
    expect(escapeTex(String.raw`\input{x} $1 #2 ~ ^`)).toBe(
      String.raw`\textbackslash{}input\{x\} \$1 \#2 \textasciitilde{} \textasciicircum{}`,
    )
  })
})

describe('bibtexEntry', () => {
  it('says what exactly is cited: of an entry the spec, its seeds and when', () => {
    const updatedAt = '2026-03-04T00:00:00.000Z'
    const entry = bibtexEntry({
      id: 'entry_1',
      name: 'a_b',
      path: '/entries/entry_1',
      note: entryNote({ specDigest: 'sha256:00', seeds: [1, 2], synthetic: false, updatedAt }),
      updatedAt,
    })
    expect(entry).toContain('@misc{entry_1,')
    expect(entry).toContain('{2026}')
    // Without an author, a style sorts by the key; the inner braces keep capitals.
    expect(entry).toContain('  key          = {MATE Bench},')
    expect(entry).toContain('{{MATE Bench: ')
    expect(entry).toContain(String.raw`a\_b`)
    expect(entry).toContain('note         = {Spec sha256:00, seeds 1, 2, as of 2026-03-04}')
    expect(entry).toContain('/entries/entry_1}')
    const specDigest = `sha256:${'0123456789abcdef'.repeat(4)}`
    const cited = bibtexEntry({ id: 'e', name: 'e', path: '/e', updatedAt, note: `Spec ${specDigest}` })
    // A digest may end a line, since no column is wide enough for 64 digits.
    expect(cited.match(/[0-9a-f]{16}(?=\\allowbreak )/g)).toHaveLength(3)
    expect(cited.replaceAll('\\allowbreak ', '')).toContain(specDigest)
    expect(entryNote({ specDigest: 'sha256:00', seeds: [7], synthetic: true, updatedAt })).toMatch(
      /^Synthetic data.*, seed 7, /,
    )
  })
})
