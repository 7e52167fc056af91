import { z } from 'zod'

const maximumSeed = 0xffffffff

/** What a spec may choose about any dataset. */
export interface SplitOptions {
  readonly name: string
  readonly subset?: { readonly perClass: number; readonly seed: number } | undefined
  readonly validation: { readonly size: number; readonly seed: number }
}

export interface SplitFacts {
  /** Published training images. */
  readonly train: number
  readonly classes: number
  /** Training images of the class that has fewest. @default the same in each */
  readonly smallestClass?: number
  /** Default size of the validation split. */
  readonly validation: number
}

/**
 * A dataset's part of the spec.
 *
 * The rule: `subset` first draws `perClass` images of each class from the training data; `validation.size`
 * images of what is in use then become the validation split, stratified, and the others are trained on. Both
 * are part of the track: they have seeds of their own, which a run's seed does not touch.
 */
export function datasetOptionsSchema<const Name extends string>(name: Name, facts: SplitFacts) {
  return z
    .strictObject({ name: z.literal(name), ...splitFields(facts) })
    .superRefine((options, context) => refuseTooLargeValidation(options, facts, context))
}

/** The fields `subset` and `validation`, which every dataset has. */
export function splitFields(facts: SplitFacts) {
  const perClass = facts.smallestClass ?? facts.train / facts.classes
  const seed = (what: string) =>
    z.int().min(0).max(maximumSeed).default(0).describe(`Seed that ${what}; not the run's seed.`)
  return {
    subset: z
      .strictObject({
        perClass: z.int().min(1).max(perClass).describe('Training images of each class to use.'),
        seed: seed('draws the subset'),
      })
      .optional()
      .describe(
        'Use a class-balanced part of the training data, taken before the validation split is drawn.',
      ),
    validation: z
      .strictObject({
        size: z
          .int()
          .min(0)
          .max(facts.train - facts.classes)
          .default(facts.validation)
          .describe('Training images held out for validation, stratified by class; 0 for none.'),
        seed: seed('draws the validation split'),
      })
      .prefault({})
      .describe('Held out from the training data. Checkpoints and exit thresholds are chosen on it.'),
  }
}

/** At least one image of each class must be left to train on. */
export function refuseTooLargeValidation(
  options: Pick<SplitOptions, 'subset' | 'validation'>,
  facts: Pick<SplitFacts, 'train' | 'classes'>,
  context: z.RefinementCtx,
): void {
  const inUse = options.subset ? options.subset.perClass * facts.classes : facts.train
  const most = inUse - facts.classes
  if (options.validation.size <= most) return
  context.addIssue({
    code: 'custom',
    path: ['validation', 'size'],
    message:
      `Expected at most ${most}, found ${options.validation.size}: of the ${inUse} training images in use, ` +
      'at least one of each class must be left to train on',
  })
}
