import { z } from '@hono/zod-openapi'
import { comparisonSchema, digestSchema, entryStanding, intervalSchema, seedSummarySchema } from './common.ts'

export const trackSummarySchema = z
  .object({ digest: digestSchema, dataset: z.string(), entries: z.int(), runs: z.int() })
  .meta({ id: 'TrackSummary' })

const classifier = {
  top1: seedSummarySchema,
  interval: intervalSchema,
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
    group: z.int().nullable().meta({
      description: 'Group of entries that share a rank; 1 is the best. Null for an entry with one seed.',
    }),
    rank: z.int().nullable().meta({
      description:
        "Position of the group's leader; null for an entry with one seed, which is shown but not ranked.",
    }),
    againstLeader: comparisonSchema.nullable().meta({ description: 'Null for the leader.' }),
    againstBaseline: comparisonSchema.nullable().meta({
      description:
        'The baseline is joint training with most seeds. Null for itself, and where there is none.',
    }),
    parameters: z.number(),
    seeds: z.array(z.int()),
    exits: z.array(
      z.object({
        k: z.int(),
        after: z.string(),
        isolatedMacs: z.number(),
        sequentialMacs: z.number(),
        parameters: z.number(),
        rank: z.int().nullable().meta({
          description:
            'Among the exits of this number of all entries; those that do not differ significantly share one. Null for one seed.',
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
