import * as tf from '@tensorflow/tfjs-core'
import { type Gradient, mask, savedAt, single, unbroadcast } from './gradient.ts'

type Derivative = (dy: tf.Tensor, kept: tf.Tensor, attrs: tf.NamedAttrMap) => tf.Tensor

/** dX from the kernel's input x. */
function fromInput(kernelName: string, derivative: Derivative): Gradient {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, saved, attrs) => ({ x: () => derivative(single(dy), savedAt(saved, 0), attrs) }),
  }
}

/** dX from the kernel's output y, where that is cheaper to have than x. */
function fromOutput(kernelName: string, derivative: Derivative): Gradient {
  return {
    kernelName,
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => ({ x: () => derivative(single(dy), savedAt(saved, 0), attrs) }),
  }
}

type PairDerivative = (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor

/** dA and dB of a kernel that broadcasts a against b. */
function fromPair(kernelName: string, ofA: PairDerivative, ofB: PairDerivative): Gradient {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const a = savedAt(saved, 0)
      const b = savedAt(saved, 1)
      return {
        a: () => unbroadcast(ofA(single(dy), a, b), a.shape),
        b: () => unbroadcast(ofB(single(dy), a, b), b.shape),
      }
    },
  }
}

const scalar = (value: number) => tf.scalar(value, 'float32')

/** y > 0 is x > 0, and y is alive anyway as the next layer's input. A backend may do it in one pass. */
function reluGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  if (tf.getKernel('ReluGrad', tf.getBackend()) === undefined) return tf.mul(dy, tf.step(y))
  return tf.engine().runKernel('ReluGrad', { dy, y })
}

export const elementwiseGradients: readonly Gradient[] = [
  fromPair(
    'Add',
    (dy) => dy,
    (dy) => dy,
  ),
  fromPair(
    'Sub',
    (dy) => dy,
    (dy) => tf.neg(dy),
  ),
  fromPair(
    'Multiply',
    (dy, _a, b) => tf.mul(dy, b),
    (dy, a) => tf.mul(dy, a),
  ),
  fromPair(
    'RealDiv',
    (dy, _a, b) => tf.div(dy, b),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  ),
  // The larger one gets the gradient; where they are equal, a does for both.
  fromPair(
    'Maximum',
    (dy, a, b) => tf.mul(dy, mask(tf.greaterEqual(a, b))),
    (dy, a, b) => tf.mul(dy, mask(tf.less(a, b))),
  ),
  fromPair(
    'Minimum',
    (dy, a, b) => tf.mul(dy, mask(tf.lessEqual(a, b))),
    (dy, a, b) => tf.mul(dy, mask(tf.greater(a, b))),
  ),
  fromPair(
    'SquaredDifference',
    (dy, a, b) => tf.mul(dy, tf.mul(scalar(2), tf.sub(a, b))),
    (dy, a, b) => tf.mul(dy, tf.mul(scalar(2), tf.sub(b, a))),
  ),
  fromPair(
    'Pow',
    (dy, a, b) => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, scalar(1))))),
    // log is taken where the base is positive only; elsewhere a^b has no real derivative in b.
    (dy, a, b) =>
      tf.mul(dy, tf.mul(tf.pow(a, b), tf.where(tf.greater(a, scalar(0)), tf.log(a), tf.zerosLike(a)))),
  ),
  {
    kernelName: 'AddN',
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, i) => [i, () => tf.clone(single(dy))])),
  },
  fromInput('Neg', (dy) => tf.neg(dy)),
  fromInput('Abs', (dy, x) => tf.mul(dy, tf.sign(x))),
  fromInput('Square', (dy, x) => tf.mul(dy, tf.mul(scalar(2), x))),
  fromOutput('Sqrt', (dy, y) => tf.div(dy, tf.mul(scalar(2), y))),
  fromOutput('Rsqrt', (dy, y) => tf.mul(dy, tf.mul(scalar(-0.5), tf.mul(y, tf.square(y))))),
  fromOutput('Reciprocal', (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  fromOutput('Exp', (dy, y) => tf.mul(dy, y)),
  fromInput('Log', (dy, x) => tf.div(dy, x)),
  fromInput('Log1p', (dy, x) => tf.div(dy, tf.add(x, scalar(1)))),
  fromInput('Softplus', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  fromOutput('Sigmoid', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(scalar(1), y)))),
  fromOutput('Tanh', (dy, y) => tf.mul(dy, tf.sub(scalar(1), tf.square(y)))),
  fromOutput('Relu', reluGradient),
  // Zero where y is 0, and where 6 - y is.
  fromOutput('Relu6', (dy, y) => reluGradient(reluGradient(dy, y), tf.sub(scalar(6), y))),
  fromInput('ClipByValue', (dy, x, attrs) => {
    const inside = tf.logicalAnd(
      tf.greaterEqual(x, scalar(Number(attrs.clipValueMin))),
      tf.lessEqual(x, scalar(Number(attrs.clipValueMax))),
    )
    return tf.mul(dy, mask(inside))
  }),
  fromInput('Identity', (dy) => tf.clone(dy)),
  fromInput('Cast', (dy) => tf.clone(dy)),
  {
    kernelName: 'Select',
    inputsToSave: ['condition'],
    gradFunc: (dy, saved) => {
      const condition = savedAt(saved, 0)
      const taken = () => tf.cast(condition, 'float32')
      return {
        condition: () => tf.zerosLike(taken()),
        t: () => tf.mul(single(dy), taken()),
        e: () => tf.mul(single(dy), tf.sub(scalar(1), taken())),
      }
    },
  },
]

/** Kernels that are flat wherever they have a derivative: nothing flows back through them. */
export const flatGradients: readonly Gradient[] = [
  ...['Step', 'Sign', 'Floor', 'Ceil', 'Round', 'ZerosLike', 'OnesLike'].map((kernelName) =>
    fromInput(kernelName, (_dy, x) => tf.zerosLike(x)),
  ),
  ...['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual'].map((kernelName) =>
    fromPair(
      kernelName,
      (_dy, a) => tf.zeros(a.shape),
      (_dy, _a, b) => tf.zeros(b.shape),
    ),
  ),
]
