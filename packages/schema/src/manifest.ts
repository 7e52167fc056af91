import { z } from 'zod'
import { artifactFiles, artifactRoles } from './artifact-files.ts'
import { idPatterns } from './ids.ts'
import { specFrame } from './spec.ts'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'Expected sha256: and 64 hex digits')
const count = z.int().min(0)
const fraction = z.number().min(0).max(1)

const split = z.strictObject({ count, digest })

/** Dataset, splits, preprocessing, protocol and cost convention: what must be equal to compare two entries. */
export const trackSchema = z.strictObject({
  dataset: z.string(),
  splits: z.strictObject({ train: split, validation: split, test: split }),
  preprocessing: z.strictObject({
    imageShape: z.tuple([count, count, count]),
    mean: z.array(z.number()),
    std: z.array(z.number()),
  }),
  protocol: z.strictObject({ metrics: z.literal('top1-top5-nll-ece15-auroc'), version: z.literal(1) }),
  costConvention: z.literal('macs'),
  digest,
})

export const exitMetricsSchema = z.strictObject({
  top1: fraction,
  top5: fraction,
  nll: z.number().min(0),
  /** Expected calibration error, 15 equal-width bins. */
  ece: fraction,
  /** Of confidence against correctness; null where all or none are right. */
  auroc: fraction.nullable(),
})

export const budgetedPointSchema = z.strictObject({
  q: z.number(),
  /** One an exit but the last; null where no image may leave. */
  thresholds: z.array(z.number().nullable()),
  validationAverageMacs: z.number(),
  averageMacs: z.number(),
  accuracy: fraction,
  exitShares: z.array(fraction),
})

export const exitCostSchema = z.strictObject({
  k: z.int().min(1),
  after: z.string(),
  isolatedMacs: count,
  sequentialMacs: count,
  /** Parameters of the backbone up to the exit and of its own head. */
  parameters: count,
})

export const artifactSchema = z.strictObject({
  role: z.enum(artifactRoles),
  file: z.string().regex(/^[a-z0-9.-]+$/),
  mediaType: z.string(),
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** The files of a run: each role at most once, under its own name, served as what it is. */
const artifactsSchema = z.array(artifactSchema).superRefine((artifacts, context) => {
  artifacts.forEach(({ role, file, mediaType }, i) => {
    const expected = artifactFiles[role]
    const refuse = (member: string, message: string) =>
      context.addIssue({ code: 'custom', path: [i, member], message })
    if (artifacts.findIndex((other) => other.role === role) < i) {
      refuse('role', `The role "${role}" is listed twice.`)
    }
    if (file !== expected.file) refuse('file', `The file of the role "${role}" is ${expected.file}.`)
    if (mediaType !== expected.mediaType) {
      refuse('mediaType', `The media type of ${expected.file} is ${expected.mediaType}.`)
    }
  })
})

export const environmentSchema = z.strictObject({
  node: z.string(),
  os: z.string(),
  arch: z.string(),
  cpu: z.string(),
  memoryBytes: count,
  gpu: z.string().optional(),
  backend: z.strictObject({
    name: z.string(),
    version: z.string(),
    libraries: z.record(z.string(), z.string()),
    /** What was fixed about how it computes, such as `threads`; absent in manifests of before there were any. */
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  }),
  /** Of one process; 0 where the library chooses and does not say. */
  threads: count,
  container: z.string().optional(),
})

/** What differed when a run went on from a checkpoint, by name, each value as JSON; null where there was none. */
const environmentChange = z.strictObject({
  epoch: count,
  step: count,
  differences: z
    .array(z.strictObject({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() }))
    .max(1000),
})

/** The JSON document of a finished run: everything needed to repeat and to check it. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string().regex(idPatterns.run),
  spec: specFrame,
  specDigest: digest,
  seed: z.int().min(0),
  track: trackSchema,
  code: z.strictObject({
    commit: z.string().nullable(),
    dirty: z.boolean().nullable(),
    lockfileDigest: digest.nullable(),
  }),
  environment: environmentSchema,
  data: z.strictObject({
    name: z.string(),
    source: z.string(),
    files: z.array(z.strictObject({ name: z.string(), bytes: count, sha256: z.string() })),
  }),
  timing: z.strictObject({
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    /** Time spent training and evaluating, over all attempts. */
    wallSeconds: z.number().min(0),
    trainImagesPerSecond: z.number().min(0),
    /** How often the run was taken up again from a checkpoint. */
    resumptions: count,
    /** Where it was taken up, as it was told to, with another backend, Node or code: epoch and step are 0-based. */
    environmentChanges: z.array(environmentChange).max(100).optional(),
  }),
  model: z.strictObject({ parameters: count, exits: z.array(exitCostSchema).min(1) }),
  training: z.strictObject({
    epochs: count,
    steps: count,
    /** Epoch whose weights were judged, 1-based; chosen by the spec's checkpoint rule, never on test data. */
    judgedEpoch: count,
    trainingOnlyParameters: count,
    /** Where a method compares features of different width: the training-only maps it added. */
    notes: z.array(z.string()),
  }),
  results: z.strictObject({
    exits: z.array(exitMetricsSchema.extend({ k: z.int().min(1) })).min(1),
    ensemble: exitMetricsSchema,
    /** Validation metrics of the judged weights, one an exit; empty without a validation split. */
    validation: z.array(exitMetricsSchema.extend({ k: z.int().min(1) })),
    /** Share of images on which exits i and j predict the same class. */
    agreement: z.array(z.array(fraction)),
    overthinking: z.strictObject({ wasteful: fraction, destructive: fraction }),
    budgeted: z.array(budgetedPointSchema),
    /** Mean attention rows of the judged epoch, teachers by exits; absent where the method has none. */
    attention: z.array(z.array(fraction)).optional(),
  }),
  artifacts: artifactsSchema,
  deterministic: z.boolean(),
  /** Digest of this document without this member: any other byte that changes shows. */
  manifestDigest: digest,
})

export type Manifest = z.output<typeof manifestSchema>
export type Track = z.output<typeof trackSchema>
export type Artifact = z.output<typeof artifactSchema>
export type ManifestExitMetrics = z.output<typeof exitMetricsSchema>
