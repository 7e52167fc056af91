import * as tf from '@tensorflow/tfjs-core'
import { dispatch, float, forEach, workgroupSize, workgroupsFor } from '../program.ts'
import type { WebgpuBackend } from '../tfjs-webgpu.ts'
import { input } from './kernel.ts'

/** WGSL: the largest of a row's logits and the logarithm of the sum of their exponentials, from the row's `start`. */
const logSum = (classes: number) => /* wgsl */ `
    var top = logits[start];
    for (var c = 1u; c < ${classes}u; c++) { top = max(top, logits[start + c]); }
    var sum = 0.0;
    for (var c = 0u; c < ${classes}u; c++) { sum += exp(logits[start + c] - top); }
    let logSum = log(sum);`

/** LogSoftmax over the last axis: logits [..., C] -> [..., C]. A thread a row. */
export const logSoftmax: tf.KernelFunc = ({ inputs, backend: current }) => {
  const backend = current as WebgpuBackend
  const logits = input(inputs, 'logits')
  const classes = logits.shape.at(-1) ?? 1
  const y = backend.makeTensorInfo(logits.shape, 'float32')
  dispatch(backend, {
    key: `log-softmax ${classes}`,
    code: () =>
      forEach(
        `arrayLength(&y) / ${classes}u`,
        /* wgsl */ `
    let start = i * ${classes}u;
${logSum(classes)}
    for (var c = 0u; c < ${classes}u; c++) { y[start + c] = logits[start + c] - top - logSum; }`,
      ),
    inputs: { logits },
    outputs: { y },
    workgroups: workgroupsFor(tf.util.sizeFromShape(logits.shape) / classes),
  })
  return y
}

/**
 * SoftmaxCrossEntropy: logits and targets [B, C] -> the mean over the batch of the cross-entropy, in nats, and its gradient in the
 * logits [B, C]. One workgroup, a thread a row.
 */
export const softmaxCrossEntropy: tf.KernelFunc = ({ inputs, backend: current }) => {
  const backend = current as WebgpuBackend
  const logits = input(inputs, 'logits')
  const [batch = 0, classes = 1] = logits.shape
  const loss = backend.makeTensorInfo([], 'float32')
  const gradient = backend.makeTensorInfo(logits.shape, 'float32')
  const share = float(1 / Math.max(1, batch))
  dispatch(backend, {
    key: `softmax cross-entropy ${batch} ${classes}`,
    code: () => /* wgsl */ `
var<workgroup> sums: array<f32, ${workgroupSize}>;
@compute @workgroup_size(${workgroupSize})
fn main(@builtin(local_invocation_index) thread: u32) {
  var total = 0.0;
  for (var i = thread; i < ${batch}u; i += ${workgroupSize}u) {
    let start = i * ${classes}u;
${logSum(classes)}
    for (var c = 0u; c < ${classes}u; c++) {
      let logProbability = logits[start + c] - top - logSum;
      total -= targets[start + c] * logProbability;
      gradient[start + c] = (exp(logProbability) - targets[start + c]) * ${share};
    }
  }
  sums[thread] = total;
  workgroupBarrier();
  if (thread == 0u) {
    for (var other = 1u; other < ${Math.min(batch, workgroupSize)}u; other++) { total += sums[other]; }
    loss[0] = total * ${share};
  }
}`,
    inputs: { logits, targets: input(inputs, 'targets') },
    outputs: { loss, gradient },
    workgroups: [1, 1],
  })
  return [loss, gradient]
}
