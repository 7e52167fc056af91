import * as tf from '@tensorflow/tfjs-core'

/** A kernel that ran while the tape was on, as tfjs 4.22 records it. */
interface TapeNode {
  readonly inputs: tf.NamedTensorMap
  readonly outputs: readonly tf.Tensor[]
  /** Tensors that the gradient asked for; the tape owns them. */
  readonly saved?: readonly tf.Tensor[]
  /** Given dY of each output, dX of each input, on demand. */
  readonly gradient?: (dys: (tf.Tensor | undefined)[]) => Readonly<Record<string, () => tf.Tensor>>
}

/** What records the tape. */
interface TapeEngine {
  startTape(): void
  endTape(): void
  readonly state: { activeTape: TapeNode[] | null }
}

export interface VariableGradients {
  /** The loss; the caller disposes it. */
  readonly value: tf.Scalar
  /** By the variables' names, without those that the loss does not depend on; the caller disposes them. */
  readonly gradients: Readonly<Record<string, tf.Tensor>>
}

/**
 * The loss and its gradients in `variables`, by reverse accumulation over the tape of tfjs.
 *
 * As `tf.variableGrads`, with two differences that a training step feels. Activations and gradients are freed as soon as
 * the last kernel has read them, where tfjs keeps every one until the end: half the memory. And gradients that several
 * readers of a tensor send back are added all at once, in the order in which they came, where tfjs adds two at a time.
 *
 * @param f computes the loss; what it leaves behind is disposed
 */
export function variableGradients(f: () => tf.Scalar, variables: readonly tf.Variable[]): VariableGradients {
  const engine = tf.engine() as unknown as TapeEngine
  engine.startTape()
  let value: tf.Scalar
  try {
    value = tf.tidy(f)
  } catch (thrown) {
    freeTape(engine)
    throw thrown
  } finally {
    engine.endTape()
  }
  try {
    const gradients = tf.tidy(() => accumulate(engine.state.activeTape ?? [], value, variables))
    return { value, gradients }
  } finally {
    freeTape(engine)
  }
}

function freeTape({ state }: TapeEngine): void {
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved as tf.Tensor[])
  state.activeTape = null
}

/** Ids of all tensors that depend on one of `sources`. */
function dependents(tape: readonly TapeNode[], sources: readonly tf.Tensor[]): Set<number> {
  const ids = new Set(sources.map(({ id }) => id))
  for (const { inputs, outputs } of tape) {
    if (Object.values(inputs).some(({ id }) => ids.has(id))) for (const { id } of outputs) ids.add(id)
  }
  return ids
}

/** Gradients on their way back: several for a tensor until it is its kernel's turn. */
class Arrivals {
  readonly #byTensor = new Map<number, tf.Tensor[]>()
  /** How often each gradient stands in `#byTensor`: a kernel may pass the same one on to several of its inputs. */
  readonly #uses = new Map<tf.Tensor, number>()

  add(to: tf.Tensor, gradient: tf.Tensor): void {
    const waiting = this.#byTensor.get(to.id)
    if (waiting) waiting.push(gradient)
    else this.#byTensor.set(to.id, [gradient])
    this.#uses.set(gradient, (this.#uses.get(gradient) ?? 0) + 1)
  }

  /** Takes out the sum of what arrived at a tensor; the caller hands it back to `free`. */
  take(of: tf.Tensor): tf.Tensor | undefined {
    const waiting = this.#byTensor.get(of.id)
    this.#byTensor.delete(of.id)
    if (waiting === undefined || waiting.length === 1) return waiting?.[0]
    const sum = tf.addN(waiting)
    for (const gradient of waiting) this.free(gradient)
    this.#uses.set(sum, 1)
    return sum
  }

  /** Frees a gradient that was taken out, unless it is on its way to another tensor too. */
  free(gradient: tf.Tensor): void {
    const left = (this.#uses.get(gradient) ?? 1) - 1
    if (left > 0) {
      this.#uses.set(gradient, left)
      return
    }
    this.#uses.delete(gradient)
    gradient.dispose()
  }
}

function accumulate(
  tape: readonly TapeNode[],
  value: tf.Scalar,
  variables: readonly tf.Variable[],
): Record<string, tf.Tensor> {
  const differentiable = dependents(tape, variables)
  const arrivals = new Arrivals()
  arrivals.add(value, tf.scalar(1))
  for (const node of [...tape].reverse()) {
    const dys = node.outputs.map((output) => arrivals.take(output))
    const inputs = Object.entries(node.inputs).filter(([, { id }]) => differentiable.has(id))
    if (inputs.length > 0 && dys.some((dy) => dy !== undefined)) {
      const dxs = tf.tidy(() => inputGradients(node, dys, inputs))
      for (const [i, [, input]] of inputs.entries()) arrivals.add(input, dxs[i] as tf.Tensor)
    }
    for (const dy of dys) if (dy) arrivals.free(dy)
    tf.dispose(node.saved as tf.Tensor[])
  }
  return Object.fromEntries(
    variables.flatMap((variable) => {
      const gradient = arrivals.take(variable)
      return gradient === undefined ? [] : [[variable.name, gradient]]
    }),
  )
}

/** dX of the inputs that are asked for, in their order. */
function inputGradients(
  { gradient }: TapeNode,
  dys: (tf.Tensor | undefined)[],
  inputs: readonly (readonly [string, tf.Tensor])[],
): tf.Tensor[] {
  if (gradient === undefined) throw new Error('a kernel without a gradient stands between variables and loss')
  const dxs = gradient(dys)
  return inputs.map(([name, { shape }]) => {
    const dx = dxs[name]?.()
    if (dx === undefined) throw new Error(`a kernel has no gradient in its input '${name}'`)
    if (!tf.util.arraysEqual(dx.shape, shape)) {
      throw new Error(`a gradient has shape [${dx.shape}], and its tensor [${shape}]`)
    }
    return dx
  })
}
