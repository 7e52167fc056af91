import { z } from 'zod'
import { publishedMetrics } from '../schema/index.ts'

const sentence = z.string().min(1).max(500)
const name = z.string().min(1).max(120)

/** A number as printed. Percent for accuracies and errors. */
const pointSchema = z.strictObject({
  /** `1`, `2`, ... or what the source calls it. */
  exit: z.string().regex(/^[a-z0-9_]+$/),
  value: z.number().min(0).max(100),
  ci95: z.number().min(0).max(100).optional(),
  flopsMillions: z.number().positive().optional(),
  parametersMillions: z.number().positive().optional(),
})

const seriesSchema = z.strictObject({
  dataset: name,
  subset: name.optional(),
  architecture: name,
  method: name,
  /** The method of ours that it is. */
  benchMethod: name.optional(),
  variant: name,
  metric: z.enum(publishedMetrics),
  /** How many runs the number is of, in the words of the source. */
  runs: name.optional(),
  caveats: z.array(sentence),
  points: z.array(pointSchema).min(1),
})

const tableSchema = z.strictObject({
  table: name,
  url: z.url({ protocol: /^https$/ }),
  caveats: z.array(sentence),
  series: z.array(seriesSchema).min(1),
})

/** A file of `bench-specs/references`: the numbers of one paper or repository, and what one must know about them. */
export const referenceFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  citation: z.strictObject({
    title: sentence,
    authors: z.array(name).min(1),
    venue: name,
    year: z.int().min(1990).max(2100).optional(),
    doi: z
      .string()
      .regex(/^10\.\d+\/\S+$/)
      .optional(),
    arxiv: z
      .string()
      .regex(/^\d{4}\.\d{5}$/)
      .optional(),
    url: z.url({ protocol: /^https$/ }),
  }),
  caveats: z.array(sentence),
  tables: z.array(tableSchema).min(1),
})

export type ReferenceFile = z.output<typeof referenceFileSchema>
