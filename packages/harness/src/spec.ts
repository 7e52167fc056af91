import {
  augmentationOptions,
  datasetOptions,
  describeDataset,
  isPlacement,
  splitCounts,
} from '@mate-bench/datasets/registry'
import {
  canonicalMethod,
  expandPreset,
  methodLogitWeights,
  methodOptions,
  methodProblems,
} from '@mate-bench/methods'
import {
  backboneOptions,
  describeNetwork,
  headOptions,
  type Network,
  type NetworkInput,
  withLogitSums,
} from '@mate-bench/nn/describe'
import { digestJson } from '@mate-bench/provenance'
import {
  BenchError,
  benchErrorFromUnknown,
  checkTexts,
  defineSpecSchema,
  digestedContent,
  maximumProblems,
  type Problem,
  parseJson,
  problemsFromIssues,
} from '@mate-bench/schema'
import type { z } from 'zod'
import { checkpointOptions } from './checkpoint-rules/registry.ts'
import { lastBatchProblems } from './last-batch.ts'
import { memoryProblems } from './memory-problems.ts'
import { optimizerOptions } from './optimizers/registry.ts'
import { regimeProblems } from './regime-problems.ts'
import { scheduleOptions } from './schedules/registry.ts'
import { settleTeachers } from './teachers.ts'

/** The whole spec: the frame of `schema` filled with what each package can do. */
export const specSchema = defineSpecSchema({
  dataset: datasetOptions,
  backbone: backboneOptions,
  head: headOptions,
  method: methodOptions,
  optimizer: optimizerOptions,
  schedule: scheduleOptions,
  augmentation: augmentationOptions,
  checkpoint: checkpointOptions,
})

export type Spec = z.output<typeof specSchema>

/** Images other than the dataset's, to look at a network alone: nothing can be trained on them. */
export interface OtherImages {
  /** Height and width in pixels. */
  readonly side?: number | undefined
  readonly classes?: number | undefined
}

/** What a spec's network is for: images and classes of its dataset, unless told otherwise. */
export function networkInputOf(dataset: Spec['dataset'], other: OtherImages = {}): NetworkInput {
  const { imageShape, classes } = describeDataset(dataset)
  const [height, width, channels] = imageShape
  return {
    inputShape: [other.side ?? height, other.side ?? width, channels],
    classes: other.classes ?? classes.length,
  }
}

/** The network that a spec trains and judges: its model, with exits that predict as its method says. */
export function describeSpecNetwork(
  { model, method }: Pick<Spec, 'model' | 'method'>,
  input: NetworkInput,
): Network {
  return withLogitSums(describeNetwork(model, input), methodLogitWeights(method, model.exits.length))
}

/**
 * Parses a spec that came from outside: presets expanded, defaults filled, unknown keys refused, every problem reported
 * at once.
 * @param source name of the file or field, for messages
 * @param other images that the network must fit instead of the dataset's
 * @throws BenchError `bad-spec` with `problems`
 */
export function parseSpec(input: unknown, source = 'spec', other: OtherImages = {}): Spec {
  const own = parseOwn(input, other)
  const problems = 'problems' in own ? [...own.problems] : []
  if ('spec' in own) {
    const settled = settleTeachers(own.spec, (document) => parseOwn(document, other))
    if (settled.problems.length === 0) return settled.spec
    problems.push(...settled.problems)
  }
  const unique = [
    ...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values(),
  ]
  const first = unique[0]
  const count = unique.length > maximumProblems ? `more than ${maximumProblems}` : String(unique.length)
  throw new BenchError({
    code: 'bad-spec',
    message: `${source} has ${unique.length === 1 ? 'a problem' : `${count} problems`}.`,
    path: unique.length === 1 ? first?.path : source,
    hint: 'Fix this and try again; `mate-bench plan SPEC` checks a spec without training it.',
    problems: unique,
  })
}

/** A spec for itself: what it says of its teachers is not looked at. */
function parseOwn(written: unknown, other: OtherImages): { spec: Spec } | { problems: Problem[] } {
  const problems: Problem[] = []
  const input = withPresets(written, problems)
  const parsed = specSchema.safeParse(input)
  if (!parsed.success) problems.push(...problemsFromIssues(parsed.error.issues, specSchema, input))
  problems.push(...crossChecks(input, other))
  return parsed.success && problems.length === 0 ? { spec: inOneSpelling(parsed.data) } : { problems }
}

/**
 * Parses a spec's text: bounded JSON, plain characters, then `parseSpec`.
 * @throws BenchError `bad-input` and `bad-spec`
 */
export function parseSpecText(text: string, source: string, other: OtherImages = {}): Spec {
  const document = parseJson(text, source)
  checkTexts(document, source)
  return parseSpec(document, source, other)
}

/**
 * Digest of a parsed spec: SHA-256 over its canonical JSON with all defaults. `$schema` and `teacherSpecs` are no part of
 * it; the method names its teachers by their own digests.
 */
export function digestSpec(spec: Spec): `sha256:${string}` {
  return digestJson(digestedContent(spec))
}

/**
 * What asks for the same training has one spelling, so that it has one digest: joint training is what a spec without a
 * regime asks for, a centre crop is what images get where nothing else is said, and methods say what theirs is.
 */
function inOneSpelling(spec: Spec): Spec {
  const { regime, ...others } = spec.training
  const training = regime?.name === 'joint' ? others : spec.training
  const [first, ...rest] = training.augmentation
  return {
    ...spec,
    method: canonicalMethod(spec.method),
    training: first?.name === 'centre-crop' ? { ...training, augmentation: rest } : training,
  }
}

/** A spec as it is written, with every preset's options in its place. */
function withPresets(written: unknown, problems: Problem[]): unknown {
  if (typeof written !== 'object' || written === null || !Object.hasOwn(written, 'method')) return written
  const method = expandPreset(Reflect.get(written, 'method'), (path, message, hint) =>
    problems.push({ path, message, hint }),
  )
  return { ...written, method }
}

const shape = specSchema.shape

/** Rules between sections. Each runs as soon as the sections it needs are sound, whatever else is wrong. */
function crossChecks(input: unknown, other: OtherImages): Problem[] {
  const section = <S extends z.ZodType>(schema: S, key: string): z.output<S> | undefined => {
    const value = typeof input === 'object' && input !== null ? Reflect.get(input, key) : undefined
    const parsed = schema.safeParse(value)
    return parsed.success ? parsed.data : undefined
  }
  const dataset = section(shape.dataset, 'dataset')
  const model = section(shape.model, 'model')
  const method = section(shape.method, 'method')
  const training = section(shape.training, 'training')
  const evaluation = section(shape.evaluation, 'evaluation')
  const seeds = section(shape.seeds, 'seeds')
  return [
    ...(seeds ? checkSeeds(seeds) : []),
    ...(training
      ? [
          ...regimeProblems(training, model?.exits.length, sumsLogits(method, model)),
          ...checkAugmentation(training),
        ]
      : []),
    ...(model && method ? methodProblems(method, model.exits.length) : []),
    ...(dataset ? checkSplits(dataset, training, evaluation) : []),
    ...(dataset && model && training ? lastBatchProblems(dataset, model, training) : []),
    ...(dataset && model && method && training ? memoryProblems({ dataset, model, method, training }) : []),
    ...(dataset && model ? checkNetwork(networkInputOf(dataset, other), model) : []),
  ]
}

/** Whether exits predict by sums of several exits' logits; false while a section that says so is not sound. */
function sumsLogits(method: Spec['method'] | undefined, model: Spec['model'] | undefined): boolean {
  return method && model ? methodLogitWeights(method, model.exits.length) !== undefined : false
}

function checkSeeds(seeds: Spec['seeds']): Problem[] {
  return seeds.flatMap((seed, i) =>
    seeds.indexOf(seed) < i
      ? [
          {
            path: `seeds[${i}]`,
            message: `Seed ${seed} is listed twice.`,
            hint: 'Every run needs a seed of its own.',
          },
        ]
      : [],
  )
}

function checkAugmentation({ augmentation }: Spec['training']): Problem[] {
  return augmentation.flatMap((options, i) =>
    i > 0 && isPlacement(options)
      ? [
          {
            path: `training.augmentation[${i}]`,
            message: `"${options.name}" takes a part of the image as it is kept, so it must come first.`,
            hint: 'Move it to the front; a list has at most one.',
          },
        ]
      : [],
  )
}

function checkSplits(
  dataset: Spec['dataset'],
  training: Spec['training'] | undefined,
  evaluation: Spec['evaluation'] | undefined,
): Problem[] {
  const counts = splitCounts(describeDataset(dataset), dataset)
  const problems: Problem[] = []
  if (training && training.batchSize > counts.train) {
    problems.push({
      path: 'training.batchSize',
      message: `A batch of ${training.batchSize} is larger than the training split of ${counts.train} images.`,
      hint: `Choose at most ${counts.train}.`,
    })
  }
  if (evaluation && counts.validation === 0) {
    const needs = (path: string, what: string) => ({
      path,
      message: `${what} needs a validation split, and dataset.validation is empty.`,
      hint: 'Set dataset.validation, so that nothing is chosen on test data.',
    })
    if (evaluation.checkpoint.name === 'best-validation') {
      problems.push(needs('evaluation.checkpoint', 'The checkpoint rule "best-validation"'))
    }
    evaluation.protocols.forEach((protocol, i) => {
      if (protocol !== 'anytime')
        problems.push(needs(`evaluation.protocols[${i}]`, `The protocol "${protocol}"`))
    })
  }
  const controlled = evaluation?.protocols.indexOf('risk-controlled') ?? -1
  if (controlled >= 0 && evaluation?.checkpoint.name === 'best-validation') {
    problems.push({
      path: `evaluation.protocols[${controlled}]`,
      message:
        'The guarantee of "risk-controlled" needs validation images that chose nothing, and the checkpoint rule "best-validation" chooses by them.',
      hint: 'Evaluate the last epoch: "checkpoint": { "name": "last" }.',
    })
  }
  return problems
}

function checkNetwork(input: NetworkInput, model: Spec['model']): Problem[] {
  try {
    describeNetwork(model, input)
    return []
  } catch (thrown) {
    const error = benchErrorFromUnknown(thrown)
    if (error.code !== 'bad-spec') throw thrown
    if (error.problems.length > 0) return [...error.problems]
    return [{ path: error.path ?? 'model', message: error.message, hint: error.hint }]
  }
}
