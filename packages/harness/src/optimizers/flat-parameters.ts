import * as tf from '@tensorflow/tfjs-core'
import type { StateTensor, TrainableParameter } from './optimizer.ts'

/**
 * Elements that are laid end to end at most. A step holds some eight vectors of them at a time, which stay small beside its
 * activations. A single parameter may be larger.
 */
const maximumElements = 2 ** 20

/** New weights and states, from weights `w`, gradient `g` and states, [N] each. */
export type FlatStep = (
  w: tf.Tensor1D,
  g: tf.Tensor1D,
  states: readonly tf.Tensor1D[],
) => readonly [weights: tf.Tensor1D, ...states: tf.Tensor1D[]]

/**
 * Parameters of one kind, with weight decay or without, laid end to end.
 *
 * An optimiser does the same to every element. On vectors that is some ten operations in all, and not as many for each
 * parameter: in small networks, and on GPUs, it would take longer to start those than to compute the rest of the step.
 */
export class FlatParameters {
  readonly decay: boolean
  readonly #members: readonly TrainableParameter[]
  readonly #names: readonly string[]
  readonly #states: readonly tf.Variable<tf.Rank.R1>[]

  private constructor(members: readonly TrainableParameter[], states: readonly string[]) {
    const size = members.reduce((sum, { variable }) => sum + variable.size, 0)
    this.decay = members[0]?.decay ?? false
    this.#members = members
    this.#names = states
    this.#states = states.map(() => tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([size]), false)))
  }

  /** Lays parameters end to end in their order, each kind for itself, with states of zeros under these names. */
  static of(parameters: readonly TrainableParameter[], states: readonly string[]): FlatParameters[] {
    return [true, false].flatMap((decay) => {
      const groups: TrainableParameter[][] = []
      let elements = 0
      for (const parameter of parameters.filter((one) => one.decay === decay)) {
        elements += parameter.variable.size
        const group = elements <= maximumElements ? groups.at(-1) : undefined
        if (group) group.push(parameter)
        else {
          groups.push([parameter])
          elements = parameter.variable.size
        }
      }
      return groups.map((members) => new FlatParameters(members, states))
    })
  }

  /** A parameter's part of each state, as `STATE/PARAMETER`; none of a parameter that stands in another group. */
  partsOf(parameter: string): [name: string, part: StateTensor][] {
    const index = this.#members.findIndex(({ name }) => name === parameter)
    const member = this.#members[index]
    if (member === undefined) return []
    const start = this.#members.slice(0, index).reduce((sum, { variable }) => sum + variable.size, 0)
    return this.#states.map((state, n) => [
      `${this.#names[n]}/${parameter}`,
      new Part(state, start, member.variable.shape),
    ])
  }

  /** Moves the parameters that have a gradient, and their parts of the states. */
  move(gradients: Readonly<Record<string, tf.Tensor>>, step: FlatStep): void {
    const moving = this.#members.filter(({ name }) => gradients[name] !== undefined)
    if (moving.length === 0) return
    tf.tidy(() => {
      const w = joined(moving.map(({ variable }) => variable))
      const g = joined(moving.map(({ name }) => gradients[name] as tf.Tensor))
      const [weights, ...states] = step(
        w,
        g,
        this.#states.map((state) => this.#read(state, moving)),
      )
      parted(weights, moving).forEach((value, i) => {
        moving[i]?.variable.assign(tf.reshape(value, moving[i]?.variable.shape ?? []))
      })
      states.forEach((value, i) => {
        this.#states[i]?.assign(this.#written(this.#states[i], moving, value))
      })
    })
  }

  /**
   * The same by a kernel of the backend, where it has it and all parameters have a gradient; it reads and writes each parameter where
   * it lies. Its inputs are w0, g0, w1, g1, ... and the states by name, its outputs the moved weights and those states.
   *
   * @returns false where `move` has to do it
   */
  moveByKernel(
    gradients: Readonly<Record<string, tf.Tensor>>,
    kernelName: string,
    attrs: tf.NamedAttrMap,
    stateNames: readonly string[],
  ): boolean {
    if (tf.getKernel(kernelName, tf.getBackend()) === undefined) return false
    const pairs = this.#members.map(({ name, variable }) => [variable, gradients[name]] as const)
    const inputs: tf.NamedTensorMap = {}
    for (const [n, [variable, gradient]] of pairs.entries()) {
      if (gradient === undefined) return false
      inputs[`w${n}`] = variable
      inputs[`g${n}`] = gradient
    }
    const states = this.#states.filter((_, i) => stateNames.includes(this.#names[i] ?? ''))
    stateNames.forEach((name, i) => {
      inputs[name] = states[i] as tf.Variable
    })
    tf.tidy(() => {
      const moved = tf.engine().runKernel<tf.Tensor[]>(kernelName, inputs, attrs)
      const moving = [...this.#members.map(({ variable }) => variable), ...states]
      for (const [i, variable] of moving.entries()) variable.assign(moved[i] as tf.Tensor)
    })
    return true
  }

  dispose(): void {
    tf.dispose([...this.#states])
  }

  /** What a state holds of `moving`. */
  #read(state: tf.Tensor1D, moving: readonly TrainableParameter[]): tf.Tensor1D {
    if (moving.length === this.#members.length) return state
    const parts = parted(state, this.#members)
    return joined(parts.filter((_, i) => moving.includes(this.#members[i] as TrainableParameter)))
  }

  /** The state with `value` in place of what it holds of `moving`. */
  #written(state: tf.Tensor1D, moving: readonly TrainableParameter[], value: tf.Tensor1D): tf.Tensor1D {
    if (moving.length === this.#members.length) return value
    const values = parted(value, moving)
    const parts = parted(state, this.#members)
    return joined(
      parts.map((part, i) => values[moving.indexOf(this.#members[i] as TrainableParameter)] ?? part),
    )
  }
}

/** A parameter's part of a state, as the checkpoint sees it. */
class Part implements StateTensor {
  readonly shape: number[]
  readonly #state: tf.Variable<tf.Rank.R1>
  readonly #start: number

  constructor(state: tf.Variable<tf.Rank.R1>, start: number, shape: readonly number[]) {
    this.shape = [...shape]
    this.#state = state
    this.#start = start
  }

  async data(): Promise<ArrayLike<number>> {
    const part = tf.tidy(() => tf.slice(this.#state, this.#start, tf.util.sizeFromShape(this.shape)))
    try {
      return await part.data<'float32'>()
    } finally {
      part.dispose()
    }
  }

  write(values: Float32Array): void {
    tf.tidy(() => {
      const parts = [
        tf.slice(this.#state, 0, this.#start),
        tf.tensor1d(values, 'float32'),
        tf.slice(this.#state, this.#start + values.length),
      ]
      this.#state.assign(tf.concat(parts))
    })
  }
}

/** Lays tensors end to end: [N]. */
function joined(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  const vectors = tensors.map((tensor) => (tensor.rank === 1 ? tensor : tf.reshape(tensor, [-1])))
  return tf.concat(vectors as tf.Tensor1D[])
}

/** Cuts a vector into the parts of parameters, [size] each. */
function parted(vector: tf.Tensor1D, parameters: readonly TrainableParameter[]): tf.Tensor1D[] {
  return tf.split(
    vector,
    parameters.map(({ variable }) => variable.size),
  )
}
