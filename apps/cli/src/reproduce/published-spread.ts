import { BenchError } from '@mate-bench/schema'
import type { SeedSummary } from '@mate-bench/stats'
import { z } from 'zod'
import { fetchJson } from './fetch-json.ts'
import type { RunAddress } from './run-address.ts'

const summarySchema = z.looseObject({ mean: z.number(), sd: z.number().nullable(), n: z.int() })
const runSchema = z.looseObject({ entryId: z.string().regex(/^entry_[0-9a-f]{20}$/) })
const entrySchema = z.looseObject({ exits: z.array(z.looseObject({ top1: summarySchema })) })

/**
 * Top-1 of each exit over the published seeds of a run's entry, shallowest first; none where the site does not say, as those
 * of an earlier version do not.
 *
 * @throws BenchError `offline`
 */
export async function fetchPublishedSpread({ site, runId }: RunAddress): Promise<SeedSummary[]> {
  try {
    const { entryId } = await fetchJson(new URL(`api/v1/runs/${runId}`, site), site, runSchema)
    const { exits } = await fetchJson(new URL(`api/v1/entries/${entryId}`, site), site, entrySchema)
    return exits.map(({ top1: { mean, sd, n } }) => ({ mean, sd, n }))
  } catch (thrown) {
    // Then the published run is the only one of its seeds that is known.
    if (thrown instanceof BenchError && thrown.code !== 'offline') return []
    throw thrown
  }
}
