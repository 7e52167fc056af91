import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { build } from 'esbuild'

interface Interval {
  readonly lower: number
  readonly upper: number
  readonly seedShare: string
}

interface TableEntry {
  readonly id: string
  readonly experimentDigest: string
  readonly name: string
  readonly group: number | null
  readonly rank: number | null
  readonly againstLeader: Interval | null
  readonly againstBaseline: Interval | null
  readonly exits: readonly { readonly interval: Interval }[]
}

/** What the page's code is given: the API's answers. */
interface Published {
  readonly runs: readonly {
    readonly experimentDigest: string
    readonly manifest: {
      readonly runId: string
      readonly specDigest: string
      readonly seed: number
      readonly spec: { readonly name: string; readonly method: { readonly name: string } }
      readonly timing: { readonly finishedAt: string }
      readonly model: { readonly parameters: number; readonly exits: readonly object[] }
      readonly results: { readonly exits: readonly object[]; readonly ensemble: object }
    }
    readonly predictions: {
      readonly label: readonly number[]
      readonly exits: readonly { readonly class: readonly number[] }[]
      readonly ensemble: { readonly class: readonly number[] }
    }
  }[]
}

/** The statistics as a browser's program, from the sources that the server runs. */
async function bundledStatistics(): Promise<string> {
  const entry = fileURLToPath(new URL('../../packages/stats/src/index.ts', import.meta.url))
  // The project's own settings are for Node.
  const options = {
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'stats',
    platform: 'browser',
  } as const
  const { outputFiles } = await build({ ...options, entryPoints: [entry], tsconfigRaw: {} })
  return outputFiles[0]?.text ?? ''
}

test('ranks, frontier, its firmness and intervals are the same when the browser computes them from the predictions', async ({
  page,
  request,
  baseURL,
}) => {
  const get = async (path: string) => (await request.get(`${baseURL}/api/v1${path}`)).json()
  const [track] = (await get('/tracks')).data
  const table: TableEntry[] = (await get(`/tracks/${track.digest}/table`)).data
  expect(table.length).toBeGreaterThan(2)
  const { data: runs } = await get(`/runs?track=${track.digest}&limit=200`)
  const published: Published = {
    runs: await Promise.all(
      runs.map(async ({ id, entryId }: { id: string; entryId: string }) => ({
        experimentDigest: table.find((entry) => entry.id === entryId)?.experimentDigest ?? '',
        manifest: await get(`/runs/${id}/manifest`),
        predictions: await get(`/runs/${id}/predictions?split=test&format=json`),
      })),
    ),
  }
  // Another engine than the server's, on a page without the site's own scripts.
  await page.goto('about:blank')
  await page.addScriptTag({ content: await bundledStatistics() })
  const computed = await page.evaluate(({ runs }) => {
    const { stats } = globalThis as unknown as { stats: typeof import('@mate-bench/stats') }
    const entries = stats.tableEntries(
      runs.map(({ experimentDigest, manifest, predictions }) => {
        const right = (classes: readonly number[]) =>
          Uint8Array.from(classes, (found, i) => (found === predictions.label[i] ? 1 : 0))
        const { runId, specDigest, seed, spec, timing, model, results } = manifest
        return {
          ...{
            runId,
            specDigest,
            seed,
            name: spec.name,
            method: spec.method.name,
            finishedAt: timing.finishedAt,
            experimentDigest,
          },
          parameters: model.parameters,
          exits: model.exits.map((cost, i) => ({
            ...cost,
            ...results.exits[i],
            correct: right(predictions.exits[i]?.class ?? []),
          })),
          ensemble: { ...results.ensemble, correct: right(predictions.ensemble.class) },
        }
      }) as unknown as Parameters<typeof stats.tableEntries>[0],
    )
    const shares = stats.frontierShares(
      entries.map(({ runs: counted, exits }) => ({ exits, top1: stats.resampleEntry(counted) })),
    )
    // Engines differ in the last bit of exp and log.
    const twelve = (value: number) => Number(value.toPrecision(12))
    const short = ({ lower, upper, seedShare }: { lower: number; upper: number; seedShare: string }) => ({
      ...{ lower: twelve(lower), upper: twelve(upper), seedShare },
    })
    return entries.map(({ name, experimentDigest, ranking, exits, intervals }, i) => ({
      ...{ name, experimentDigest, group: ranking.group, rank: ranking.rank },
      toLeader: ranking.againstLeader && short(ranking.againstLeader),
      toBaseline: ranking.againstBaseline && short(ranking.againstBaseline),
      exits: exits.map((exit, e) => ({
        ...exit,
        frontierShare: shares[i]?.[e],
        interval: short(intervals.exits[e] ?? intervals.ensemble),
      })),
    }))
  }, published)

  const twelve = (value: number) => Number(value.toPrecision(12))
  const short = (comparison: Interval | null) =>
    comparison && {
      lower: twelve(comparison.lower),
      upper: twelve(comparison.upper),
      seedShare: comparison.seedShare,
    }
  expect(
    table.map(({ name, experimentDigest, group, rank, againstLeader, againstBaseline, exits }) => ({
      ...{ name, experimentDigest, group, rank },
      toLeader: short(againstLeader),
      toBaseline: short(againstBaseline),
      exits: exits.map((exit) => ({ ...exit, interval: short(exit.interval) })),
    })),
  ).toEqual(computed)
  for (const [i, { id }] of table.entries()) {
    const { exits } = await get(`/entries/${id}`)
    const served = exits.map(({ interval }: { interval: Interval }) => short(interval))
    expect(served).toEqual(computed[i]?.exits.map(({ interval }) => interval))
  }
})
