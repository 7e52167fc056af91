import { z } from '@hono/zod-openapi'
import { runTiers, specFrame, trackSchema } from '@mate-bench/schema'

export const digestSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'Expected sha256: and 64 hex digits')
  .meta({ example: `sha256:${'0'.repeat(64)}` })

/** A digest that is asked for: with `sha256:` or without, as pages and citations have it. */
export const askedDigestSchema = z
  .string()
  .regex(/^(sha256:)?[0-9a-f]{64}$/, 'Expected 64 hex digits, with or without sha256: before them')
  .meta({ example: `sha256:${'0'.repeat(64)}` })
  .transform((text) => `sha256:${text.replace('sha256:', '')}`)

export const instantSchema = z.iso.datetime()

const word = z.string().min(1).max(100)

/** Members of a query that every list takes. */
export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Rows per page; 50 by default.' }),
  cursor: z.string().max(400).optional().meta({ description: '`next` from the previous page.' }),
})

export { word as wordSchema }

/** A page of a list; `next` is the cursor of the next one, null on the last. */
export function pageSchema<Row extends z.ZodType>(row: Row) {
  return z.object({ data: z.array(row), next: z.string().nullable() })
}

export const runTierSchema = z.enum(runTiers).meta({ description: 'How far it has been checked.' })

export const syntheticSchema = z
  .boolean()
  .meta({ description: 'Generated for a load test; not a trained network.' })

/** How far an entry was checked, and where: as entries have it in lists, tables and by themselves. */
export const entryStanding = {
  tier: runTierSchema.meta({ description: 'The weakest tier among its runs.' }),
  backends: z.array(z.string()).meta({ description: 'Backends that its runs were trained with.' }),
  synthetic: syntheticSchema,
  disputed: z.boolean().meta({
    description: 'Whether a check disputes one of its runs: it then has no rank until an operator has ruled.',
  }),
}

export const seedSummarySchema = z.object({
  mean: z.number(),
  /** Sample standard deviation; null for one seed. */
  sd: z.number().nullable(),
  n: z.int(),
})

export const specDocumentSchema = specFrame.meta({
  id: 'Spec',
  description: 'What was trained and how it was evaluated, with all defaults.',
})

export const trackDocumentSchema = trackSchema.meta({
  id: 'Track',
  description: 'Dataset, splits, preprocessing, protocol and cost convention.',
})

/** Where the seeds' share of an interval is from. */
export const seedShareSchema = z.enum(['own', 'track', 'unknown']).meta({
  description:
    "`own` where the entry has several seeds; with one, `track` is what the track's other entries show of seeds, and `unknown` says that the interval covers test images alone.",
})

export const intervalSchema = z
  .object({ lower: z.number(), upper: z.number(), seedShare: seedShareSchema })
  .meta({ description: 'Of top-1, 95 %, of seeds and test images together.' })

export const comparisonSchema = z
  .object({
    entry: z.string().meta({ description: 'The other entry.' }),
    difference: z
      .number()
      .meta({ description: "Of the last exits' mean top-1: this entry minus the other." }),
    lower: z.number(),
    upper: z.number(),
    seedShare: seedShareSchema,
    adjustedPValue: z.number().meta({ description: "After Holm's correction." }),
    apart: z.boolean().meta({
      description:
        'Whether the difference is significant at the 5 % level, by `adjustedPValue`. Always false for an entry with one seed.',
    }),
    moreSeeds: z.int().nullable().meta({
      description:
        'About how many more seeds each entry would need for a significant difference, if the difference and the spread over seeds stay as they are; null where no number would be enough.',
    }),
  })
  .meta({ id: 'Comparison' })
