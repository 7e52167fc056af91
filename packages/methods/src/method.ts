import type { ExitOutputs, GradientScale } from '@mate-bench/nn'
import type { Scalar, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core'
import type { z } from 'zod'
import type { TeacherReference } from './teacher-reference.ts'

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

/**
 * What a method needs of the training loop besides an augmented batch and its forward pass. What is absent is not needed.
 * The loader and the loop serve these to any method; neither knows which method asks.
 */
export interface MethodNeeds {
  /** Views of each image, each augmented for itself; they go through the forward pass together. 1 where absent. */
  readonly views?: 1 | 2
  /** Further training images of its own class that are drawn for each image of the batch, anew each epoch. */
  readonly partners?: PartnerNeeds
  /**
   * Numbers that are kept of every training image from epoch to epoch, 0 at first: a part of the checkpoint. A step reads
   * them as `StepInput.memory` and writes them as `LossTerms.remembered`.
   */
  readonly memory?: { readonly numbersPerImage: number }
  /**
   * A frozen copy of the network, which sees the batch too: `StepInput.copy`. `isTaken` says whether it is taken (anew)
   * after so many epochs, counted from 1.
   */
  readonly copy?: { readonly isTaken: (epochsDone: number) => boolean }
  /** Factors on the gradients that meet where exits leave the backbone, one per exit, shallowest first. */
  readonly gradientScales?: readonly GradientScale[]
}

export interface PartnerNeeds {
  /** How many for each image. */
  readonly count: number
  /** Whether they differ from the image and from each other, as far as the class has so many. */
  readonly distinct: boolean
  /**
   * `together`: they are rows of the batch's own forward pass. `apart`: they have a pass of their own, before it, with
   * batch statistics and without a gradient: `StepInput.partners`.
   */
  readonly pass: 'together' | 'apart'
  /** Whether a pass apart moves the running averages of batch norm. */
  readonly movesStatistics?: boolean
}

/** What the needs of a method may depend on, besides its options. */
export interface NeedFacts {
  readonly exits: number
  readonly classes: number
  readonly epochs: number
}

/**
 * One step. Of a batch of B images with V views and P partners that are together with it, the forward pass has
 * R = B (V + P) rows: the images in their first view, the images in their second, then the partners of the first image, of
 * the second, and so on. R = B for a method that needs neither.
 */
export interface StepInput {
  /** Outputs of every exit, shallowest first; R rows. */
  readonly outputs: readonly ExitOutputs[]
  /** Target distribution (one-hot, after label smoothing), [R, C] float32. */
  readonly targets: Tensor2D
  /** Classes as they are in the data, [R] int32. */
  readonly labels: Tensor1D
  /** What is remembered of the images, [B, numbersPerImage]; where `needs.memory` asks for it. */
  readonly memory?: Tensor2D
  /** Outputs for the partners where they are apart, B * count rows, image by image. Constants. */
  readonly partners?: readonly ExitOutputs[]
  /** Outputs of the frozen copy for the R rows; absent until one was taken. Constants. */
  readonly copy?: readonly ExitOutputs[]
  /**
   * 0-based epoch of the phase that the method trains in, with the fraction of the epoch's steps already done: 2.5 is
   * half-way through the third.
   */
  readonly epoch: number
  /** Outputs of the method's teachers for the same images, in the order of `teachers`; each of every exit. Constants. */
  readonly teachers?: readonly (readonly ExitOutputs[])[]
}

/** Scalars of one step. `total` is what is minimised; `terms` are its parts by name, already weighted. */
export interface LossTerms {
  readonly total: Scalar
  /** Must hold `ce1`..`ceK` (unweighted cross-entropy of each exit); every other term by a readable name. */
  readonly terms: Readonly<Record<string, Scalar>>
  /** What to remember of the images from now on, [B, numbersPerImage]; absent where the memory stays as it is. */
  readonly remembered?: Tensor2D
  /** Numbers that the method wants back after the step (see `afterStep`). Not part of the loss. */
  readonly observed?: Readonly<Record<string, Scalar>>
}

/** A variable that exists only in training and costs nothing at inference. */
export interface TrainingParameter {
  readonly name: string
  readonly variable: Variable
  /** False where the spec's weight decay is not for it. @default true */
  readonly decay?: boolean
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

/** What else the multiply-accumulates of a method may depend on. */
export interface TrainedShapes {
  /** Of each exit's last feature map, shallowest first, [H, W, D] or [D]. */
  readonly mapShapes: readonly (readonly number[])[]
  readonly classes: number
}

/** Options that belong together, selected in a spec by name: `"method": { "name": "mate", "preset": "lab-2021" }`. */
export interface Preset<Options> {
  readonly name: string
  /** Whose settings these are, one sentence. */
  readonly summary: string
  /** What the spec then says, unless it says otherwise itself. */
  readonly options: Partial<Options>
}

/** What a choice that the method's paper leaves open rests on. */
export interface Evidence {
  /** An option, or several. */
  readonly options: readonly string[]
  readonly text: string
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
  readonly presets?: readonly Preset<z.output<Schema>>[]
  /** Where the paper is silent: what each choice rests on. */
  readonly evidence?: readonly Evidence[]
  /** Fewest exits it makes sense for (2 where exits teach each other). */
  readonly minimumExits: number
  /**
   * What in these options does not fit a network with so many exits; empty or absent where all do.
   * @param teacherExits how many exits each teacher has; absent until the teachers are known
   */
  problems?(
    options: z.output<Schema>,
    exits: number,
    teacherExits?: readonly number[],
  ): readonly OptionProblem[]
  /**
   * The one spelling of options that ask for the same training, so that it has one digest; absent where there is no other.
   * It keeps what specs of before had, and what it gives stays as it is when given again.
   */
  canonical?(options: z.output<Schema>): z.output<Schema>
  /**
   * Frozen networks that it learns from, each the run of another spec: their outputs come with every step. Absent where it
   * has no teacher.
   */
  teachers?(options: z.output<Schema>): readonly TeacherReference[]
  /**
   * Multiply-accumulates that its own linear maps add to a forward pass of one image in training; absent where it has none.
   * @param featureWidths of each exit, shallowest first
   */
  trainingMacs?(options: z.output<Schema>, featureWidths: readonly number[], shapes: TrainedShapes): number
  /**
   * Where exits predict by more than their own logits: row k weighs the logits of exits 1..k in the sum that exit k predicts
   * by. Evaluation, costs and verification follow it.
   */
  logitWeights?(options: z.output<Schema>, exits: number): readonly (readonly number[])[]
  /** What it needs of the training loop; absent where that is nothing. */
  needs?(options: z.output<Schema>, facts: NeedFacts): MethodNeeds
  bind(options: z.output<Schema>, context: MethodContext): MethodInstance
}
