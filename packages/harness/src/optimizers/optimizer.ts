import type { Tensor, Variable } from '@tensorflow/tfjs-core'

/** What the checkpoint reads and writes of a state that is no variable of its own. */
export interface StateTensor {
  readonly shape: number[]
  data(): Promise<ArrayLike<number>>
  /** Takes as many values as `shape` has. */
  write(values: Float32Array): void
}

/** A variable that training moves. */
export interface TrainableParameter {
  readonly name: string
  readonly variable: Variable
  /** Whether weight decay applies: kernels yes; batch norm and biases only where the spec asks for it. */
  readonly decay: boolean
}

/** An optimiser bound to its parameters. Owns its state as variables; `dispose` frees them. */
export interface Optimizer {
  /**
   * One step. Moves every parameter for which there is a gradient.
   * @param gradients by parameter name, each of its parameter's shape; left to the caller to dispose
   */
  apply(gradients: Readonly<Record<string, Tensor>>, learningRate: number): void
  /** State tensors by readable name, for the checkpoint. */
  readonly state: ReadonlyMap<string, StateTensor>
  dispose(): void
}
