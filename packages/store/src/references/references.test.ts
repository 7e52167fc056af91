import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseStatus } from '../queries/database-status.ts'
import { listPublishedResults, pagePublishedResults } from '../queries/published-results.ts'
import { papers } from '../schema/index.ts'
import { openTestStore, type TestStore, testDrivers } from '../testing/test-store.ts'
import { parseReferences, readReferences } from './read-references.ts'
import { seedReferences } from './seed-references.ts'

const shipped = fileURLToPath(new URL('../../../../bench-specs/references', import.meta.url))
describe('bench-specs/references', () => {
  const files = readReferences(shipped)

  it('cites every source in full', () => {
    for (const { id, citation } of files) {
      expect(citation.authors.length, id).toBeGreaterThan(0)
      const found = citation.doi ?? citation.arxiv ?? citation.url
      expect(found, id).toBeTruthy()
      if (citation.doi !== undefined) expect(citation.url).toBe(`https://doi.org/${citation.doi}`)
      if (citation.arxiv !== undefined) expect(citation.url).toBe(`https://arxiv.org/abs/${citation.arxiv}`)
    }
  })

  it('holds no number twice', () => {
    const keys = files.flatMap(({ id, tables }) =>
      tables.flatMap(({ table, series }) =>
        series.flatMap(({ points, ...s }) =>
          points.map(({ exit }) =>
            [id, table, s.dataset, s.subset, s.architecture, s.method, s.variant, s.metric, exit].join('|'),
          ),
        ),
      ),
    )
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([])
  })

  it('lists no number of MATE, whose paper is not openly available', () => {
    const methods = files.flatMap(({ tables }) =>
      tables.flatMap(({ series }) => series.map(({ method }) => method)),
    )
    expect(methods).not.toContain('MATE')
    expect(methods).toContain('BYOT')
  })
})

describe.each(testDrivers)('seedReferences through %s', (driver) => {
  const folder = mkdtempSync(join(tmpdir(), 'references-'))
  let store: TestStore

  beforeAll(async () => {
    cpSync(shipped, folder, { recursive: true })
    store = await openTestStore(driver)
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })

  it('loads them once, however often it is called and by however many', async () => {
    const [seeded] = await Promise.all([seedReferences(store.db, folder), seedReferences(store.db, folder)])
    await seedReferences(store.db, folder)
    expect((await databaseStatus(store.db)).counts).toMatchObject({
      publishedResults: seeded?.results,
      runs: 0,
    })
    expect(await store.db.select().from(papers)).toHaveLength(seeded?.papers ?? 0)
  })

  it('shows numbers as printed, with the caveats of row, table and paper', async () => {
    const rows = await listPublishedResults(store.db, { dataset: 'tinyimagenet', benchMethod: 'byot' })
    expect(rows.map(({ exit, value }) => [exit, value])).toEqual([
      ['1', 44.83],
      ['2', 53.26],
      ['3', 57.8],
      ['4', 58.97],
      ['fusion', 61.32],
    ])
    expect(rows[0]).toMatchObject({
      paperId: 'wang-2024-loth',
      table: 'Table 4',
      k: 1,
      parametersMillions: 2.91,
      citation: { year: 2024, doi: '10.1145/3664647.3681587' },
    })
    const caveats = rows[0]?.caveats.join(' ') ?? ''
    expect(caveats).toContain('32 x 32 pixels')
    expect(caveats).toContain('different heads')
    expect(caveats).toContain('best test accuracy')
    const topFive = await listPublishedResults(store.db, { benchMethod: 'phuong-lampert' })
    expect(new Set(topFive.map(({ metric }) => metric))).toEqual(new Set(['top5']))
  })

  it('pages through every number once, in the order of the whole list', async () => {
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const page = await pagePublishedResults(store.db, { limit: 100, cursor })
      ids.push(...page.rows.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(ids.length).toBeGreaterThan(700)
    expect(ids).toEqual((await listPublishedResults(store.db)).map(({ id }) => id))
  })

  it('corrects what changed and drops what left', async () => {
    const path = join(folder, 'mmrazor-byot.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('80.66', '80.67'))
    rmSync(join(folder, 'kubaty-2025-failure-prediction.json'))
    await seedReferences(store.db, folder)
    const rows = await listPublishedResults(store.db, { paperId: 'mmrazor-byot' })
    expect(rows.map(({ value }) => value)).toEqual([80.67])
    expect(await listPublishedResults(store.db, { paperId: 'kubaty-2025-failure-prediction' })).toEqual([])
  })
})

describe('readReferences', () => {
  it('says what is wrong with a file', () => {
    const text = readFileSync(join(shipped, 'mmrazor-byot.json'), 'utf8')
    expect(() => parseReferences(text.replace('80.66', '180.66'), 'x.json')).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        problems: [expect.objectContaining({ path: 'tables[0].series[0].points[0].value' })],
      }),
    )
    expect(() => readReferences(join(shipped, 'none'))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
  })
})
