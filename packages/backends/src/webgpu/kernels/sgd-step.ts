import * as tf from '@tensorflow/tfjs-core'
import { dispatch, float, forEach, workgroupsFor } from '../program.ts'
import type { WebgpuBackend } from '../tfjs-webgpu.ts'
import { input } from './kernel.ts'

interface SgdOptions {
  readonly learningRate: number
  readonly momentum: number
  readonly nesterov: boolean
  readonly weightDecay: number
}

/** WGSL that moves one element: weight `w`, gradient `g`, and velocity at `at`. */
function moveCode(n: number, { momentum, nesterov, weightDecay }: SgdOptions): string {
  const m = float(momentum)
  return /* wgsl */ `
      let w = w${n}[at];
      let g = g${n}[at]${weightDecay > 0 ? ` + w * ${float(weightDecay)}` : ''};
${momentum > 0 ? `      let v = velocity[uniforms.start + i] * ${m} + g;\n      movedVelocity[uniforms.start + i] = v;` : '      let v = g;'}
      moved${n}[at] = w - ${nesterov ? `(g + v * ${m})` : 'v'} * uniforms.learningRate;`
}

/** Element i of parameters that lie end to end belongs to the last one that starts at or before it. */
function stepCode(parameters: number, options: SgdOptions): string {
  const branches = Array.from({ length: parameters }, (_, n) => {
    const condition = n === parameters - 1 ? '' : `if (i < uniforms.end${n}) `
    const at = n === 0 ? 'i' : `i - uniforms.end${n - 1}`
    return `${condition}{\n      let at = ${at};${moveCode(n, options)}\n    }`
  })
  return forEach(`uniforms.end${parameters - 1}`, `    ${branches.join(' else ')}`)
}

/**
 * SgdStep: w0, g0, w1, g1, ... and, with momentum, `velocity`, which holds that of w0, w1, ... end to end -> the moved weights in
 * their order and, with momentum, the moved velocity. As many parameters go into a dispatch as there are bindings for: three a parameter.
 */
export const sgdStep: tf.KernelFunc = ({ inputs, attrs, backend: current }) => {
  const backend = current as WebgpuBackend
  const options = attrs as unknown as SgdOptions
  const velocity = options.momentum > 0 ? input(inputs, 'velocity') : undefined
  const count = Math.floor((Object.keys(inputs).length - (velocity ? 1 : 0)) / 2)
  const movedVelocity = velocity && backend.makeTensorInfo(velocity.shape, 'float32')
  const bindings = (backend.device.limits.maxStorageBuffersPerShaderStage ?? 8) - (velocity ? 2 : 0)
  const atOnce = Math.max(1, Math.floor(bindings / 3))
  const moved: tf.TensorInfo[] = []
  let start = 0
  for (let first = 0; first < count; first += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - first) }, (_, n) => ({
      w: input(inputs, `w${first + n}`),
      g: input(inputs, `g${first + n}`),
    }))
    const made = some.map(({ w }) => backend.makeTensorInfo(w.shape, 'float32'))
    moved.push(...made)
    let end = 0
    const ends = some.map(({ w }, n) => {
      end += tf.util.sizeFromShape(w.shape)
      return [`end${n}`, { type: 'u32', value: end } as const] as const
    })
    dispatch(backend, {
      key: `sgd ${some.length} ${options.momentum} ${options.nesterov} ${options.weightDecay}`,
      code: () => stepCode(some.length, options),
      inputs: {
        ...Object.fromEntries(
          some.flatMap(({ w, g }, n) => [
            [`w${n}`, w],
            [`g${n}`, g],
          ]),
        ),
        ...(velocity ? { velocity } : {}),
      },
      outputs: {
        ...Object.fromEntries(made.map((tensor, n) => [`moved${n}`, tensor])),
        ...(movedVelocity ? { movedVelocity } : {}),
      },
      uniforms: {
        learningRate: { type: 'f32', value: options.learningRate },
        start: { type: 'u32', value: start },
        ...Object.fromEntries(ends),
      },
      workgroups: workgroupsFor(end),
    })
    start += end
  }
  return [...moved, ...(movedVelocity ? [movedVelocity] : [])]
}
