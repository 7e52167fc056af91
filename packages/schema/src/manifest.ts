import { z } from 'zod'
import { artifactFiles, artifactRoles } from './artifact-files.ts'
import { idPatterns } from './ids.ts'
import { plainLine, plausibleTime } from './plain-text.ts'
import { maximumSeed, maximumTeacherSpecs, specFrame } from './spec.ts'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'Expected sha256: and 64 hex digits')
const count = z.int().min(0)
const fraction = z.number().min(0).max(1)
/** Of a dataset, a backend or the like. */
const word = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Expected lower-case words joined by "-"')
  .max(64)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'Expected 64 hex digits')
/** As many as a spec can ask for. */
const maximumExits = 64
const extent = z.int().min(1).max(65_536)
const channels = z.array(z.number().min(-1000).max(1000)).max(16)
/** Rows and columns of exits. */
const exitMatrix = z.array(z.array(fraction).max(maximumExits)).max(maximumExits)

const split = z.strictObject({ count, digest })

/** Dataset, splits, preprocessing, protocol and cost convention: what must be equal to compare two entries. */
export const trackSchema = z.strictObject({
  dataset: word,
  splits: z.strictObject({ train: split, validation: split, test: split }),
  preprocessing: z.strictObject({
    imageShape: z.tuple([extent, extent, extent]),
    mean: channels,
    std: channels,
    /** How pictures became pixels: two decoders may differ in the last bit. Absent where the data are pixels. */
    decoding: z.strictObject({ shortSide: extent, decoder: z.record(word, plainLine(64)) }).optional(),
  }),
  protocol: z.strictObject({ metrics: z.literal('top1-top5-nll-ece15-auroc'), version: z.literal(1) }),
  costConvention: z.literal('macs'),
  digest,
})

export const exitMetricsSchema = z.strictObject({
  top1: fraction,
  top5: fraction,
  nll: z.number().min(0).max(1e38),
  /** Expected calibration error, 15 equal-width bins. */
  ece: fraction,
  /** Of confidence against correctness; null where all or none are right. */
  auroc: fraction.nullable(),
})

const numberedMetrics = exitMetricsSchema.extend({ k: z.int().min(1).max(maximumExits) })

export const budgetedPointSchema = z.strictObject({
  q: z.number().positive().max(1000),
  /** One an exit but the last; null where no image may leave. */
  thresholds: z.array(fraction.nullable()).max(maximumExits),
  validationAverageMacs: z.number().min(0),
  averageMacs: z.number().min(0),
  accuracy: fraction,
  exitShares: z.array(fraction).max(maximumExits),
})

/** A setting of an exit rule that is guaranteed to lose little accuracy: found on validation, measured on test. */
export const riskControlledPointSchema = z.strictObject({
  rule: z.enum(['confidence', 'entropy', 'patience']),
  /** The loss of accuracy against the last exit that is guaranteed against. */
  lossBound: fraction,
  /** A confidence, an entropy in nats or a number of exits, as the rule has it; null where nobody may leave early. */
  setting: z.number().min(0).max(1000).nullable(),
  validationLoss: z.number().min(-1).max(1),
  validationAverageMacs: z.number().min(0),
  loss: z.number().min(-1).max(1),
  accuracy: fraction,
  averageMacs: z.number().min(0),
  exitShares: z.array(fraction).max(maximumExits),
})

export const exitCostSchema = z.strictObject({
  k: z.int().min(1).max(maximumExits),
  after: plainLine(64),
  isolatedMacs: count,
  sequentialMacs: count,
  /** Parameters of the backbone up to the exit and of its own head, and of heads whose logits it adds. */
  parameters: count,
})

export const artifactSchema = z.strictObject({
  role: z.enum(artifactRoles),
  file: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .max(64),
  mediaType: plainLine(64),
  bytes: count,
  sha256,
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
  node: plainLine(64),
  os: plainLine(200),
  arch: plainLine(64),
  cpu: plainLine(200),
  memoryBytes: count,
  gpu: plainLine(200).optional(),
  backend: z.strictObject({
    name: word,
    version: plainLine(64),
    libraries: z.record(plainLine(200), plainLine(200)),
    /** What was fixed about how it computes, such as `threads`; absent in manifests of before there were any. */
    settings: z.record(plainLine(64), z.union([plainLine(200), z.number(), z.boolean()])).optional(),
    /** What WebGPU computed with. */
    adapter: z
      .strictObject({
        vendor: plainLine(200),
        architecture: plainLine(200),
        device: plainLine(200),
        driver: plainLine(200),
        /** Whether a processor did a GPU's work. */
        software: z.boolean(),
        /** Whether training steps gave the same bytes when they were taken again: what `deterministic` follows from. */
        sameBytesTwice: z.boolean(),
      })
      .optional(),
  }),
  /** Of one process; 0 where the library chooses and does not say. */
  threads: z.int().min(0).max(100_000),
  container: plainLine(500).optional(),
})

/** What differed when a run went on from a checkpoint, by name, each value as JSON; null where there was none. */
const environmentChange = z.strictObject({
  epoch: count,
  step: count,
  differences: z
    .array(
      z.strictObject({
        name: plainLine(200),
        before: plainLine(1000).nullable(),
        after: plainLine(1000).nullable(),
      }),
    )
    .max(1000),
})

export const teacherSchema = z.strictObject({
  /** Of the teacher's spec, as the method names it; the run may be of a spec of the same experiment with other seeds. */
  specDigest: digest,
  seed: z.int().min(0).max(maximumSeed),
  runId: z.string().regex(idPatterns.run),
  /** Of its model.safetensors. */
  weightsSha256: sha256,
})

const manifestContent = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string().regex(idPatterns.run),
  spec: specFrame,
  specDigest: digest,
  seed: z.int().min(0).max(maximumSeed),
  track: trackSchema,
  code: z.strictObject({
    commit: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'Expected the digits of a commit')
      .nullable(),
    dirty: z.boolean().nullable(),
    lockfileDigest: digest.nullable(),
  }),
  environment: environmentSchema,
  data: z.strictObject({
    name: word,
    source: plainLine(500),
    files: z.array(z.strictObject({ name: plainLine(200), bytes: count, sha256 })).max(1000),
  }),
  timing: z.strictObject({
    startedAt: plausibleTime,
    finishedAt: plausibleTime,
    /** Time spent training and evaluating, over all attempts. */
    wallSeconds: z.number().min(0).max(1e9),
    trainImagesPerSecond: z.number().min(0).max(1e12),
    /** How often the run was taken up again from a checkpoint. */
    resumptions: count,
    /** Where it was taken up, as it was told to, with another backend, Node or code: epoch and step are 0-based. */
    environmentChanges: z.array(environmentChange).max(100).optional(),
  }),
  model: z.strictObject({ parameters: count, exits: z.array(exitCostSchema).min(1).max(maximumExits) }),
  training: z.strictObject({
    epochs: count,
    steps: count,
    /** Epoch whose weights were judged, 1-based; chosen by the spec's checkpoint rule, never on test data. */
    judgedEpoch: count,
    trainingOnlyParameters: count,
    /**
     * MACs of all forward passes of training that fall to one image of an epoch, on average over the epochs: views, partners,
     * frozen networks and the method's own linear maps included, backward passes not. Absent in manifests of before it was
     * counted.
     */
    trainingMacsPerImage: count.optional(),
    /** Where a method compares features of different width: the training-only maps it added. */
    notes: z.array(plainLine(500)).max(1000),
  }),
  /** The runs whose frozen networks taught this one, as the spec's method names them; absent where none did. */
  teachers: z.array(teacherSchema).min(1).max(maximumTeacherSpecs).optional(),
  results: z.strictObject({
    exits: z.array(numberedMetrics).min(1).max(maximumExits),
    ensemble: exitMetricsSchema,
    /** Validation metrics of the judged weights, one per exit; empty without a validation split. */
    validation: z.array(numberedMetrics).max(maximumExits),
    /** Share of images on which exits i and j predict the same class. */
    agreement: exitMatrix,
    overthinking: z.strictObject({ wasteful: fraction, destructive: fraction }),
    budgeted: z.array(budgetedPointSchema).max(1000),
    /** How the curve ranks confidences: as they are stored. Absent in runs that rounded them to 2^-16. */
    budgetedConfidences: z.literal('exact').optional(),
    /** Of the protocol `risk-controlled`; absent where the spec does not ask for it. */
    riskControlled: z
      .strictObject({
        /** Probability with which each guarantee may fail, over the draw of the validation images. */
        errorProbability: fraction,
        points: z.array(riskControlledPointSchema).max(1000),
      })
      .optional(),
    /** Mean attention rows of the judged epoch, teachers by exits; absent where the method has none. */
    attention: exitMatrix.optional(),
  }),
  artifacts: artifactsSchema,
  deterministic: z.boolean(),
  /** Digest of this document without this member: any other byte that changes shows. */
  manifestDigest: digest,
})

/** Everything of exits is of the same exits, from the first to the last. */
function checkExits({ model, results }: z.output<typeof manifestContent>, context: z.RefinementCtx): void {
  const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message })
  const exits = model.exits.length
  const numbered = {
    'model.exits': model.exits,
    'results.exits': results.exits,
    'results.validation': results.validation,
  }
  for (const [name, rows] of Object.entries(numbered)) {
    const isMissing = rows.length === 0 && name === 'results.validation'
    if (!isMissing && (rows.length !== exits || rows.some(({ k }, i) => k !== i + 1))) {
      refuse(name.split('.'), `Expected the exits 1 to ${exits}, in order.`)
    }
  }
  const { agreement, attention = [] } = results
  for (const [name, matrix] of Object.entries({ agreement, attention })) {
    const isSquare = matrix.length === exits && matrix.every((row) => row.length === exits)
    if (matrix.length > 0 && !isSquare)
      refuse(['results', name], `Expected ${exits} rows of ${exits} numbers.`)
  }
}

/** The JSON document of a finished run: everything needed to repeat and to check it. */
export const manifestSchema = manifestContent.superRefine(checkExits)

export type Manifest = z.output<typeof manifestSchema>
export type Track = z.output<typeof trackSchema>
export type Artifact = z.output<typeof artifactSchema>
export type ManifestExitMetrics = z.output<typeof exitMetricsSchema>
