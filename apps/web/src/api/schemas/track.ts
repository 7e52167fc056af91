import { z } from '@hono/zod-openapi'
import { digestSchema, entryStanding, seedSummarySchema } from './common.ts'

export const trackSummarySchema = z
  .object({ digest: digestSchema, dataset: z.string(), entries: z.int(), runs: z.int() })
  .meta({ id: 'TrackSummary' })

const classifier = {
  top1: seedSummarySchema,
  top5: z.number(),
  nll: z.number(),
  ece: z.number(),
  auroc: z.number().nullable(),
}

export const tableEntrySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    experimentDigest: digestSchema,
    specDigest: digestSchema,
    method: z.string(),
    backbone: z.string(),
    head: z.string(),
    ...entryStanding,
    group: z.int().meta({ description: 'Tie group, 1 is the best.' }),
    parameters: z.number(),
    seeds: z.array(z.int()),
    exits: z.array(
      z.object({
        k: z.int(),
        after: z.string(),
        isolatedMacs: z.number(),
        sequentialMacs: z.number(),
        parameters: z.number(),
        rank: z.int().meta({
          description:
            'Among the exits of this number of all entries; those that can not be told apart share one.',
        }),
        onFrontier: z.boolean(),
        frontierShare: z
          .number()
          .meta({ description: 'Share of bootstrap resamples in which the exit is on the frontier.' }),
        ...classifier,
      }),
    ),
    ensemble: z.object(classifier),
  })
  .meta({ id: 'TableEntry' })
