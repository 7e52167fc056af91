import type { ExitOutputs } from '@mate-bench/nn'
import type { Scalar, Tensor2D, Variable } from '@tensorflow/tfjs-core'
import type { z } from 'zod'

/** What a method may know of the network and of the run before the first step. */
export interface MethodContext {
  /** One entry an exit, shallowest first. */
  readonly exits: readonly { k: number; featureWidth: number; featureMapShape: readonly number[] }[]
  readonly classes: number
  readonly epochs: number
  readonly stepsPerEpoch: number
  /** The run's seed: a method that owns parameters draws them from `createRandom(seed, 'method-weights')`. */
  readonly seed: number
}

export interface StepInput {
  /** Outputs of every exit, shallowest first. */
  readonly outputs: readonly ExitOutputs[]
  /** Target distribution (one-hot, after label smoothing), [B, C] float32. */
  readonly targets: Tensor2D
  /** 0-based epoch, with the fraction of the epoch's steps already done: 2.5 is half-way through the third. */
  readonly epoch: number
}

/** Scalars of one step. `total` is what is minimised; `terms` are its parts by name, already weighted. */
export interface LossTerms {
  readonly total: Scalar
  /** Must hold `ce1`..`ceK` (unweighted cross-entropy of each exit); every other term by a readable name. */
  readonly terms: Readonly<Record<string, Scalar>>
  /** Numbers that the method wants back after the step (see `afterStep`). Not part of the loss. */
  readonly observed?: Readonly<Record<string, Scalar>>
}

/** A variable that exists only in training and costs nothing at inference. */
export interface TrainingParameter {
  readonly name: string
  readonly variable: Variable
}

/** A method bound to one run. Owns variables; `dispose` frees them. */
export interface MethodInstance {
  readonly parameters: readonly TrainingParameter[]
  /** Called inside the gradient tape and a tidy. */
  loss(input: StepInput): LossTerms
  /** Called after each step with the values of `observed`; may move scalar state such as a temperature. */
  afterStep?(observed: Readonly<Record<string, number>>): void
  /** Scalar state for the checkpoint, plain numbers; `restore` takes it back. */
  state?(): Record<string, number>
  restore?(state: Record<string, number>): void
  /** Mean attention over the batch, [K, K], rows are teachers. Only for methods that attend over exits. */
  attention?(outputs: readonly ExitOutputs[]): Tensor2D
  dispose(): void
}

/** Why options can't be used with a network: the option's name, a sentence, what to do. */
export interface OptionProblem {
  readonly option: string
  readonly message: string
  readonly hint: string
}

/** One training method: a file of its own, listed in `registry.ts`. */
export interface Method<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>> {
  readonly name: string
  readonly title: string
  /** Full citation with DOI or link. */
  readonly citation: string
  /** One paragraph for people who choose a method. */
  readonly summary: string
  /** zod strict object with `name: z.literal(...)` and a default and a description for every option. */
  readonly options: Schema
  /** Fewest exits it makes sense for (2 where exits teach each other). */
  readonly minimumExits: number
  /** What in these options does not fit a network with so many exits; empty or absent where all do. */
  problems?(options: z.output<Schema>, exits: number): readonly OptionProblem[]
  /**
   * Multiply-accumulates that its own linear maps add to a forward pass of one image in training; absent where it has none.
   * @param featureWidths of each exit, shallowest first
   */
  trainingMacs?(options: z.output<Schema>, featureWidths: readonly number[]): number
  bind(options: z.output<Schema>, context: MethodContext): MethodInstance
}
