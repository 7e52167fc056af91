import { z } from 'zod'
import { publishedMetrics } from '../schema/index.ts'

const sentence = z.string().min(1).max(500)
const name = z.string().min(1).max(120)

/** `1`, `2`, ... or what the source calls it. */
const exitName = z
  .string()
  .regex(/^[a-z0-9_]+$/)
  .max(64)
const percent = z.number().min(0).max(100)
/** Of FLOPs and parameters: beyond any network that was ever printed. */
const millions = z.number().positive().max(1e8)
const paperId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(120)
const address = z.url({ protocol: /^https$/ }).max(500)

/** A number as printed. Percent for accuracies and errors. */
const pointSchema = z.strictObject({
  exit: exitName,
  value: percent,
  ci95: percent.optional(),
  flopsMillions: millions.optional(),
  parametersMillions: millions.optional(),
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
  url: address,
  caveats: z.array(sentence),
  series: z.array(seriesSchema).min(1),
})

const citationSchema = z.strictObject({
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
  url: address,
})

/** A file of `bench-specs/references`: the numbers of one paper or repository, and what one must know about them. */
export const referenceFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: paperId,
  citation: citationSchema,
  caveats: z.array(sentence),
  tables: z.array(tableSchema).min(1),
})

export type ReferenceFile = z.output<typeof referenceFileSchema>

/** A row of `papers`, as a file gives it. */
export const paperRowSchema = z.strictObject({
  id: paperId,
  citation: citationSchema,
  caveats: z.array(sentence),
})

/** A row of `published_results`, as a file gives it. */
export const resultRowSchema = z.strictObject({
  id: z.string().regex(/^ref_[0-9a-f]{20}$/),
  paperId,
  position: z.int().min(0),
  dataset: name,
  subset: name.nullable(),
  architecture: name,
  method: name,
  benchMethod: name.nullable(),
  variant: name,
  exit: exitName,
  k: z.int().min(0).max(1000).nullable(),
  metric: z.enum(publishedMetrics),
  value: percent,
  ci95: percent.nullable(),
  flopsMillions: millions.nullable(),
  parametersMillions: millions.nullable(),
  runs: name.nullable(),
  table: name,
  url: address,
  caveats: z.array(sentence),
})
