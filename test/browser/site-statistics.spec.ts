import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { build } from 'esbuild'

/** What the page's code is given: the API's answers. */
interface Published {
  readonly runs: readonly {
    readonly experimentDigest: string
    readonly manifest: {
      readonly runId: string
      readonly specDigest: string
      readonly seed: number
      readonly spec: { readonly name: string }
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
  const table: { id: string; experimentDigest: string; name: string; group: number; exits: object[] }[] = (
    await get(`/tracks/${track.digest}/table`)
  ).data
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
          ...{ runId, specDigest, seed, name: spec.name, finishedAt: timing.finishedAt, experimentDigest },
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
    const resampled = entries.map(({ runs: counted, exits }) => ({ exits, ...stats.resampleEntry(counted) }))
    const shares = stats.frontierShares(resampled)
    return entries.map(({ name, experimentDigest, ranking, exits }, i) => ({
      ...{ name, experimentDigest, group: ranking.group },
      exits: exits.map((exit, e) => ({ ...exit, frontierShare: shares[i]?.[e] })),
      intervals: resampled[i]?.intervals.exits.map(({ lower, upper }) => ({ lower, upper })),
    }))
  }, published)

  const inBrowser = computed.map(({ intervals: _, ...entry }) => entry)
  expect(
    table.map(({ name, experimentDigest, group, exits }) => ({ name, experimentDigest, group, exits })),
  ).toEqual(inBrowser)
  for (const [i, { id }] of table.entries()) {
    const { exits } = await get(`/entries/${id}`)
    const served = exits.map(({ interval }: { interval: { lower: number; upper: number } }) => ({
      lower: interval.lower,
      upper: interval.upper,
    }))
    expect(served).toEqual(computed[i]?.intervals)
  }
})
