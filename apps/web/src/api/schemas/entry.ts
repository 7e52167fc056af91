import { z } from '@hono/zod-openapi'
import {
  digestSchema,
  entryStanding,
  instantSchema,
  intervalSchema,
  seedSummarySchema,
  specDocumentSchema,
  trackDocumentSchema,
} from './common.ts'

export const entrySummarySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    method: z.string(),
    backbone: z.string(),
    head: z.string(),
    dataset: z.string(),
    exits: z.int(),
    runs: z.int(),
    experimentDigest: digestSchema.meta({
      description: 'Of the spec without name, description and seeds: with the track, what makes an entry.',
    }),
    specDigest: digestSchema.meta({
      description: 'Of the spec that labels it: that of the run added last, of those that count.',
    }),
    trackDigest: digestSchema,
    ...entryStanding,
    publishedAt: instantSchema.meta({ description: 'When its first run was published.' }),
    updatedAt: instantSchema.meta({ description: 'When the latest of its runs was published.' }),
  })
  .meta({ id: 'EntrySummary', description: 'The runs of one experiment on one track.' })

const classifier = {
  top1: seedSummarySchema,
  interval: intervalSchema,
  top5: z.number(),
  nll: z.number(),
  ece: z.number(),
  auroc: z.number().nullable(),
}

export const entrySchema = entrySummarySchema
  .omit({ exits: true, runs: true })
  .extend({
    parameters: z.number(),
    exits: z.array(
      z.object({
        k: z.int(),
        after: z.string(),
        isolatedMacs: z.number(),
        sequentialMacs: z.number(),
        parameters: z.number(),
        ...classifier,
      }),
    ),
    ensemble: z.object(classifier),
    seeds: z.array(z.int()),
    runIds: z.array(z.string()).meta({ description: 'The runs that count, one per seed.' }),
    waitingIds: z.array(z.string()).meta({
      description: 'Runs of seeds behind a gap; they count when the seeds before them are there.',
    }),
    repeatIds: z.array(z.string()).meta({ description: 'Further runs of a seed; they count nowhere.' }),
    spec: specDocumentSchema,
    track: trackDocumentSchema,
  })
  .meta({ id: 'Entry' })
