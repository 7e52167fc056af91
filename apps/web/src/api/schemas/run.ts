import { z } from '@hono/zod-openapi'
import { manifestSchema } from '@mate-bench/schema'
import { digestSchema, instantSchema, runTierSchema, syntheticSchema } from './common.ts'

export const runSummarySchema = z
  .object({
    id: z.string(),
    entryId: z.string(),
    name: z.string(),
    method: z.string(),
    backbone: z.string(),
    seed: z.int(),
    tier: runTierSchema,
    backend: z.string(),
    parameters: z.number(),
    wallSeconds: z.number(),
    deterministic: z.boolean(),
    synthetic: syntheticSchema,
    specDigest: digestSchema,
    trackDigest: digestSchema,
    manifestDigest: digestSchema,
    startedAt: instantSchema,
    finishedAt: instantSchema,
    publishedAt: instantSchema,
  })
  .meta({ id: 'RunSummary', description: 'One spec trained with one seed.' })

export const artifactSchema = manifestSchema.shape.artifacts.element
  .extend({ url: z.string().meta({ description: 'Where its bytes are.' }) })
  .meta({ id: 'Artifact' })

export const runSchema = runSummarySchema.extend({ artifacts: z.array(artifactSchema) }).meta({ id: 'Run' })

export const exitSchema = z
  .object({
    k: z.int().meta({ description: '1 is the shallowest; 0 is the ensemble of all exits.' }),
    after: z.string().nullable(),
    isolatedMacs: z.number().nullable(),
    sequentialMacs: z.number(),
    parameters: z.number().nullable(),
    top1: z.number(),
    top5: z.number(),
    nll: z.number(),
    ece: z.number(),
    auroc: z.number().nullable(),
  })
  .meta({ id: 'Exit', description: 'What one exit of one run costs and achieves on the test split.' })

const classifierPredictionsSchema = z.object({
  class: z.array(z.int()),
  confidence: z.array(z.number()),
  labelLogProbability: z.array(z.number()),
  labelRank: z.array(z.int()),
  entropy: z.array(z.number()),
})

export const predictionsSchema = z
  .object({
    runId: z.string(),
    split: z.enum(['test', 'validation']),
    classes: z.int(),
    index: z.array(z.int()).meta({ description: 'Place in the published set, one an image.' }),
    label: z.array(z.int()),
    exits: z.array(classifierPredictionsSchema).meta({ description: 'Shallowest first.' }),
    ensemble: classifierPredictionsSchema,
  })
  .meta({ id: 'Predictions', description: 'Predictions of every exit for every image: one list a column.' })

export const manifestDocumentSchema = manifestSchema.meta({ id: 'Manifest' })
