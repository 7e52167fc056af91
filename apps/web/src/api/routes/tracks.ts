import { createRoute, z } from '@hono/zod-openapi'
import { BenchError } from '@mate-bench/schema'
import type { AccuracyInterval, Comparison } from '@mate-bench/stats'
import { cursorIdSchema, cutPage, type Db, decodeCursor, type Page, pageSize } from '@mate-bench/store'
import { type TrackSummary, trackSummaries } from '@mate-bench/store/track-table'
import { keptRanking } from '../../data/kept-ranking.ts'
import type { RankedRow } from '../../data/ranked-track.ts'
import { type ApiApp, newApiApp } from '../api-app.ts'
import type { ApiDependencies } from '../dependencies.ts'
import { problemResponses } from '../problem.ts'
import { askedDigestSchema, pageQuery, pageSchema, trackDocumentSchema } from '../schemas/common.ts'
import { tableEntrySchema, trackSummarySchema } from '../schemas/track.ts'

const tags = ['tracks']
const params = z.object({ digest: askedDigestSchema })

const list = createRoute({
  method: 'get',
  path: '/tracks',
  operationId: 'listTracks',
  tags,
  summary: 'Tracks, largest first',
  responses: {
    200: {
      description: 'Every track.',
      content: { 'application/json': { schema: z.object({ data: z.array(trackSummarySchema) }) } },
    },
    ...problemResponses(503),
  },
})

const one = createRoute({
  method: 'get',
  path: '/tracks/{digest}',
  operationId: 'getTrack',
  tags,
  summary: 'A track: what must be equal for entries to share a table',
  request: { params },
  responses: {
    200: { description: 'The track.', content: { 'application/json': { schema: trackDocumentSchema } } },
    ...problemResponses(400, 404, 503),
  },
})

const table = createRoute({
  method: 'get',
  path: '/tracks/{digest}/table',
  operationId: 'getTrackTable',
  tags,
  summary: 'The ranked table of a track, as the board shows it',
  request: { params, query: pageQuery },
  responses: {
    200: {
      description: 'A page, best first. Entries of one group do not differ significantly at the 5 % level.',
      content: { 'application/json': { schema: pageSchema(tableEntrySchema) } },
    },
    ...problemResponses(400, 404, 503),
  },
})

type TableEntry = z.output<typeof tableEntrySchema>

/** Tracks and their ranked tables. A table is ranked once for each state of the database and kept. */
export function trackRoutes(deps: ApiDependencies): ApiApp {
  const app = newApiApp()
  app.openapi(list, async (c) => {
    const tracks = await trackSummaries(await deps.db())
    const data = tracks.map(({ digest, document, entries, runs }) => ({
      ...{ digest, entries, runs },
      dataset: document.dataset,
    }))
    return c.json({ data }, 200)
  })
  app.openapi(one, async (c) => {
    const { document } = await foundTrack(await deps.db(), c.req.valid('param').digest)
    return c.json(document, 200)
  })
  app.openapi(table, async (c) => {
    const db = await deps.db()
    const track = await foundTrack(db, c.req.valid('param').digest)
    const { ranked } = await keptRanking(db, track)
    const { rows, next } = pageOf(ranked, c.req.valid('query'))
    return c.json({ data: tableEntries(rows, ranked, track), next }, 200)
  })
  return app
}

async function foundTrack(db: Db, digest: string): Promise<TrackSummary> {
  const track = (await trackSummaries(db)).find((candidate) => candidate.digest === digest)
  if (track) return track
  throw new BenchError({ code: 'not-found', message: `There is no track ${digest}.` })
}

/** Behind the entry that ended the page before, wherever it stands by now: what was published may have moved it. */
function pageOf(
  ranked: readonly RankedRow[],
  { limit, cursor }: z.output<typeof pageQuery>,
): Page<RankedRow> {
  const size = pageSize(limit)
  const start = cursor === undefined ? 0 : 1 + placeOf(ranked, cursor)
  return cutPage(ranked.slice(start, start + size + 1), size, ({ aggregate }) => [aggregate.row.entryId])
}

function placeOf(ranked: readonly RankedRow[], cursor: string): number {
  const [last] = decodeCursor(cursor, z.tuple([cursorIdSchema]))
  const place = ranked.findIndex(({ aggregate }) => aggregate.row.entryId === last)
  if (place >= 0) return place
  throw new BenchError({
    code: 'bad-input',
    message: `The table has no entry ${last}.`,
    path: 'cursor',
    hint: 'Begin at the start, without a cursor.',
  })
}

function tableEntries(
  rows: readonly RankedRow[],
  ranked: readonly RankedRow[],
  track: TrackSummary,
): TableEntry[] {
  const ids = new Map(ranked.map(({ name, aggregate }) => [name, aggregate.row.entryId]))
  const compared = (comparison: Comparison | null) => {
    if (!comparison) return null
    const { other, difference, lower, upper, seedShare, adjustedPValue, apart, moreSeeds } = comparison
    const entry = ids.get(other) ?? other
    return { entry, difference, lower, upper, seedShare, adjustedPValue, apart, moreSeeds }
  }
  const short = ({ lower, upper, seedShare }: AccuracyInterval) => ({ lower, upper, seedShare })
  return rows.map(({ aggregate, name, exits, intervals, ranking }) => {
    const { row, experimentDigest, specDigest, parameters, runs, ensemble } = aggregate
    return {
      id: row.entryId,
      ...{ name, experimentDigest, specDigest, parameters },
      method: row.method,
      backbone: row.backbone,
      head: row.head,
      tier: row.tier,
      backends: [...row.backends],
      synthetic: row.synthetic,
      disputed: row.disputed,
      group: ranking.group,
      rank: ranking.rank,
      againstLeader: compared(ranking.againstLeader),
      againstBaseline: compared(ranking.againstBaseline),
      seeds: runs.map(({ seed }) => seed),
      exits: exits.map((exit, i) => ({
        ...exit,
        frontierShare: track.frontierShares[row.entryId]?.[i] ?? 0,
        top1: { ...exit.top1 },
        interval: short(intervals.exits[i] ?? intervals.ensemble),
      })),
      ensemble: { ...ensemble, top1: { ...ensemble.top1 }, interval: short(intervals.ensemble) },
    }
  })
}
