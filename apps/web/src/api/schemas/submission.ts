import { z } from '@hono/zod-openapi'
import { submissionProgressSchema } from '@mate-bench/schema'
import { submissionKinds, submissionStates } from '@mate-bench/store'
import { digestSchema, instantSchema, specDocumentSchema } from './common.ts'

export const submissionStateSchema = z.enum(submissionStates).meta({ id: 'SubmissionState' })

export const submissionSummarySchema = z
  .object({
    id: z.string(),
    kind: z.enum(submissionKinds).meta({ description: 'A spec to train, or a published run to check.' }),
    checkedRunId: z.string().nullable().meta({ description: 'The run to check.' }),
    state: submissionStateSchema,
    name: z.string().meta({ description: 'Of the spec.' }),
    submitter: z.string(),
    specDigest: digestSchema,
    totalMacs: z.number().meta({ description: 'Of all training and evaluation that it asks for.' }),
    seeds: z.int().meta({ description: 'How many runs.' }),
    cancelRequested: z.boolean(),
    progress: submissionProgressSchema.nullable(),
    failure: z.string().nullable(),
    createdAt: instantSchema,
    updatedAt: instantSchema,
  })
  .meta({ id: 'SubmissionSummary' })

export const submissionSchema = submissionSummarySchema
  .extend({
    spec: specDocumentSchema,
    position: z
      .int()
      .nullable()
      .meta({ description: 'How many wait before it; null when it does not wait.' }),
    runIds: z.array(z.string()).meta({ description: 'Published runs that it led to.' }),
    sameSpec: z
      .array(z.object({ id: z.string(), state: submissionStateSchema, createdAt: instantSchema }))
      .default([])
      .meta({
        description:
          'Other submissions of the same spec, newest first, at most ten: waiting, running or finished. This one would train it again.',
      }),
    history: z.array(
      z.object({
        at: instantSchema,
        actor: z.string(),
        fromState: submissionStateSchema.nullable(),
        toState: submissionStateSchema,
        note: z.string().nullable(),
      }),
    ),
    log: z.array(z.object({ at: instantSchema, line: z.string() })).meta({ description: 'The last lines.' }),
  })
  .meta({ id: 'Submission' })
