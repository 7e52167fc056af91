import { z } from 'zod'

/** What somebody can ask to be done to a published run: run its weights again, or train its spec again. */
export const checkKinds = ['re-evaluation', 'retraining'] as const
export type CheckKind = (typeof checkKinds)[number]

/**
 * How a check ends:
 *
 * - `identical`: the same bytes and numbers
 * - `equal`: the same within float32, with how far off
 * - `consistent`: trained again, it is equivalent to the entry over seeds
 * - `inconsistent`: none of these; the evidence says whether a difference was shown or equality was not
 */
export const verdictNames = ['identical', 'equal', 'consistent', 'inconsistent'] as const
export type VerdictName = (typeof verdictNames)[number]

/** What a verdict does to its run: gives it a higher tier, nothing, or takes its rank away until somebody has looked. */
export const verdictEffects = ['raises', 'none', 'disputes'] as const
export type VerdictEffect = (typeof verdictEffects)[number]

/** What an operator decided about a verdict that took a rank away. */
export const rulings = ['dismissed', 'upheld'] as const
export type Ruling = (typeof rulings)[number]

/**
 * Largest difference of top-1 that counts as none when a spec is trained again, by the version of a track's protocol: one
 * point, which is less than methods are published with as their gain.
 */
export const equivalenceMargins: Readonly<Record<number, number>> = { 1: 0.01 }

const differenceSchema = z.object({
  what: z.string(),
  published: z.string(),
  here: z.string(),
})

/** Of running the published weights on every test image. */
export const reEvaluationEvidenceSchema = z.object({
  check: z.literal('re-evaluation'),
  images: z.int(),
  /** Of every exit and the ensemble. */
  predictions: z.int(),
  /** Predictions with another class; of a check that passed, all are tied within the tolerance. */
  otherClasses: z.int(),
  /** Of the log-probabilities of class and label, in nats. */
  largestDifference: z.number(),
  /** How far logits may be off, as a share of the largest of their row: a bound of the run's backend. */
  tolerance: z.number(),
})

/** Of training the spec again. */
export const retrainingEvidenceSchema = z.object({
  check: z.literal('retraining'),
  /** Of the manifests, compared one by one. */
  numbers: z.int(),
  differing: z.int(),
  /** Relative where numbers are larger than 1. */
  largestDifference: z.number(),
  sameFiles: z.boolean(),
  /** That were trained again. */
  seeds: z.array(z.int()),
  /** Of the equivalence test; null where bytes or numbers are the same, or nothing tells how seeds spread. */
  equivalence: z
    .object({
      margin: z.number(),
      publishedSeeds: z.int(),
      exits: z.array(
        z.object({
          k: z.int(),
          /** Top-1 of the repeated trainings less that of the published ones, and its 90 % interval. */
          difference: z.number(),
          lower: z.number(),
          upper: z.number(),
          equivalent: z.boolean(),
        }),
      ),
    })
    .nullable(),
  /** What the two manifests say otherwise about code and machine. */
  differences: z.array(differenceSchema),
})

export const verdictEvidenceSchema = z.discriminatedUnion('check', [
  reEvaluationEvidenceSchema,
  retrainingEvidenceSchema,
])

export type ReEvaluationEvidence = z.output<typeof reEvaluationEvidenceSchema>
export type RetrainingEvidence = z.output<typeof retrainingEvidenceSchema>
export type VerdictEvidence = z.output<typeof verdictEvidenceSchema>

/** Where a check was made: what a manifest says of machine and code, without what nobody needs to know. */
export const verdictPlaceSchema = z.object({
  backend: z.string(),
  cpu: z.string(),
  gpu: z.string().nullable(),
  os: z.string(),
  arch: z.string(),
  node: z.string(),
  commit: z.string().nullable(),
})
export type VerdictPlace = z.output<typeof verdictPlaceSchema>

/** Who stands behind a verdict: only another key, of other people than the run's, makes it a third party's. */
export const verdictStandings = [
  'third-party',
  'site',
  'maker',
  'maker-unknown',
  'unsigned',
  'unregistered',
  'run-unsigned',
] as const
export type VerdictStanding = (typeof verdictStandings)[number]

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/)

/** What whoever checks a run signs: which run, how it ended, and the manifests of the repeated trainings. */
export const verdictStatementSchema = z.strictObject({
  version: z.literal(2),
  runId: z.string().max(64),
  /** Of the run that was checked: the verdict is on this content, not on whatever has the id. */
  manifestDigest: digestSchema,
  check: z.enum(checkKinds),
  verdict: z.enum(verdictNames),
  /** Digests of the manifests, that of the run's own seed first; none where nothing was trained. */
  manifests: z.array(digestSchema).max(10),
})
export type VerdictStatement = z.output<typeof verdictStatementSchema>
