import * as tf from '@tensorflow/tfjs-core'

/** An attribute of an operation, as tfjs-node's addon takes it. */
export interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: number | boolean | string | readonly number[]
}

/** An output of an operation: its handle in the addon, and what it is. */
export interface Output {
  readonly id: Handle
  readonly shape: number[]
  readonly dtype: number
}

/** Names a tensor in the addon. */
export type Handle = number

/** The little of tfjs-node's `NodeJSKernelBackend` that kernels need. */
interface NodeBackend {
  readonly binding: Readonly<
    Record<'TF_ATTR_INT' | 'TF_ATTR_FLOAT' | 'TF_ATTR_BOOL' | 'TF_ATTR_STRING' | 'TF_ATTR_TYPE', number>
  > & {
    readonly TF_FLOAT: number
    readonly TF_INT32: number
    createTensor(shape: readonly number[], dtype: number, values: Float32Array): Handle
    deleteTensor(id: Handle): void
    executeOp(
      operation: string,
      attributes: readonly Attribute[],
      inputs: readonly Handle[],
      outputs: number,
    ): Output[]
  }
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): Handle[]
  createOutputTensor(output: Output): tf.Tensor
  executeSingleOutput(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor
  executeMultipleOutputs(
    operation: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[]
  write(values: Float32Array | Int32Array, shape: number[], dtype: tf.DataType): object
  incRef(dataId: object): void
}

/**
 * TensorFlow's eager operations on tfjs tensors, over the current tfjs backend, which must be tfjs-node's.
 *
 * TensorFlow infers the attributes that follow from its inputs (`T` and its like), and those that have their default
 * value need not be given: each one that is given costs about a microsecond a call.
 */
export class Operations {
  readonly #backend: NodeBackend
  readonly #constants = new Map<string, tf.TensorInfo>()

  constructor() {
    this.#backend = tf.backend() as unknown as NodeBackend
  }

  /** Runs an operation with one output. The output is a tensor of the current tidy. */
  run(
    operation: string,
    inputs: readonly tf.TensorInfo[],
    attributes: readonly Attribute[] = none,
  ): tf.Tensor {
    return this.#backend.executeSingleOutput(operation, attributes, inputs)
  }

  /** Runs an operation with `outputs` outputs, of which those that are not handed on must be disposed. */
  runMany(
    operation: string,
    inputs: readonly tf.TensorInfo[],
    attributes: readonly Attribute[],
    outputs: number,
  ): tf.Tensor[] {
    return this.#backend.executeMultipleOutputs(operation, attributes, inputs, outputs)
  }

  /** A second tensor over the same values. */
  share({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    this.#backend.incRef(dataId)
    return { dataId, shape, dtype }
  }

  /** The one handle of a tensor. */
  handle(tensor: tf.TensorInfo): Handle {
    return this.handles([tensor])[0] as Handle
  }

  /**
   * Handles of tensors, for kernels that run many operations: what they compute on the way then needs no tensor of
   * tfjs, which takes half as long again as the operation.
   */
  handles(tensors: readonly tf.TensorInfo[]): Handle[] {
    return this.#backend.getInputTensorIds(tensors)
  }

  /** Runs an operation from handles to handles. The caller releases the outputs, or makes tensors of them. */
  call(
    operation: string,
    inputs: readonly Handle[],
    attributes: readonly Attribute[] = none,
    outputs = 1,
  ): Output[] {
    return this.#backend.binding.executeOp(operation, attributes, inputs, outputs)
  }

  /** A float32 scalar; the caller releases it. */
  scalar(value: number): Handle {
    const { binding } = this.#backend
    return binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value))
  }

  release(handle: Handle): void {
    this.#backend.binding.deleteTensor(handle)
  }

  /** Makes an output a tensor of the current tidy, which takes the handle over. */
  tensor(output: Output): tf.Tensor {
    return this.#backend.createOutputTensor(output)
  }

  /**
   * A tensor of int32 values, such as a shape or axes, that is made once and kept as long as the backend. tfjs does
   * not count it. A run has few different ones.
   */
  ints(values: readonly number[], shape: readonly number[] = [values.length]): tf.TensorInfo {
    return this.#constant(`i[${shape}]${values}`, Int32Array.from(values), shape, 'int32')
  }

  /** As `ints`, float32. */
  floats(values: readonly number[], shape: readonly number[] = [values.length]): tf.TensorInfo {
    return this.#constant(`f[${shape}]${values}`, Float32Array.from(values), shape, 'float32')
  }

  #constant(
    key: string,
    values: Int32Array | Float32Array,
    shape: readonly number[],
    dtype: tf.DataType,
  ): tf.TensorInfo {
    const known = this.#constants.get(key)
    if (known !== undefined) return known
    const made = { dataId: this.#backend.write(values, [...shape], dtype), shape: [...shape], dtype }
    this.#constants.set(key, made)
    return made
  }

  int(name: string, value: number | readonly number[]): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_INT, value }
  }

  float(name: string, value: number): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_FLOAT, value }
  }

  bool(name: string, value: boolean): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_BOOL, value }
  }

  string(name: string, value: string): Attribute {
    return { name, type: this.#backend.binding.TF_ATTR_STRING, value }
  }

  /** An element type, where it can't be inferred: of lists of tensors. */
  type(name: string, dtype: tf.DataType): Attribute {
    const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = this.#backend.binding
    if (dtype !== 'float32' && dtype !== 'int32') throw new Error(`no kernel here takes ${dtype}`)
    return { name, type: TF_ATTR_TYPE, value: dtype === 'float32' ? TF_FLOAT : TF_INT32 }
  }
}

const none: readonly Attribute[] = []
