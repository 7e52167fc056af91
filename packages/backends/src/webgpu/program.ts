import * as tf from '@tensorflow/tfjs-core'
import type { GpuPipeline, WebgpuBackend } from './tfjs-webgpu.ts'

/** One call of a shader. */
export interface Dispatch {
  /** Names the code: equal keys are the same code, which is compiled once. */
  readonly key: string
  /**
   * WGSL below the declarations. Every tensor is an `array<f32>` under its name, the uniforms are fields of `uniforms`, and
   * `main` is the entry.
   */
  readonly code: () => string
  /** Float32 tensors that are read, by name. */
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>
  /** Tensors that are written, by name; none may be an input as well. */
  readonly outputs: Readonly<Record<string, tf.TensorInfo>>
  /** Numbers that change from call to call, by name; everything else stands in the code. */
  readonly uniforms?: Readonly<Record<string, { readonly type: 'f32' | 'u32'; readonly value: number }>>
  readonly workgroups: readonly [x: number, y: number]
}

/** Threads of a workgroup, in all shaders here: what WebGPU promises everywhere. */
export const workgroupSize = 256

/** Workgroups that a loop over many elements is spread over at most; each thread then takes every so-many-th element. */
const maximumWorkgroups = 4096

/** WGSL of a shader that does `body` for each `i` below `count`, an expression. */
export function forEach(count: string, body: string): string {
  return /* wgsl */ `
@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var i = id.x; i < ${count}; i += groups.x * ${workgroupSize}u) {
${body}
  }
}`
}

/** Workgroups for a shader made by `forEach`. */
export function workgroupsFor(count: number): readonly [number, number] {
  return [Math.max(1, Math.min(maximumWorkgroups, Math.ceil(count / workgroupSize))), 1]
}

const pipelines = new WeakMap<WebgpuBackend, Map<string, GpuPipeline>>()

/** Records a dispatch behind those that are recorded already, as tfjs does for its own programs. */
export function dispatch(backend: WebgpuBackend, call: Dispatch): void {
  const tensors = [...Object.values(call.outputs), ...Object.values(call.inputs)]
  for (const { dataId } of tensors) backend.uploadToGPU(dataId)
  const pipeline = compiled(backend, call)
  const resources = tensors.map((tensor) => backend.tensorToBinding(tensor))
  const uniforms = Object.values(call.uniforms ?? {})
  if (uniforms.length > 0) {
    resources.push(
      backend.makeUniforms(
        uniforms.map(({ type, value }) => ({ type: type === 'f32' ? 'float32' : 'uint32', data: [value] })),
      ),
    )
  }
  for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId)
  const group = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: resources.map((resource, binding) => ({ binding, resource })),
  })
  backend.ensureCommandEncoderReady()
  backend.computePassEncoder ??= backend.commandEncoder.beginComputePass({})
  backend.computePassEncoder.setPipeline(pipeline)
  backend.computePassEncoder.setBindGroup(0, group)
  backend.computePassEncoder.dispatchWorkgroups(...call.workgroups)
  backend.dispatchCountInPass++
  if (backend.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    backend.endComputePassEncoder()
    backend.submitQueue()
  }
}

function compiled(backend: WebgpuBackend, call: Dispatch): GpuPipeline {
  const known = pipelines.get(backend) ?? new Map<string, GpuPipeline>()
  pipelines.set(backend, known)
  const found = known.get(call.key)
  if (found) return found
  const code = `${declarations(call)}\n${call.code()}`
  const module = backend.device.createShaderModule({ code, label: call.key })
  const pipeline = backend.device.createComputePipeline({
    compute: { module, entryPoint: 'main' },
    label: call.key,
    layout: 'auto',
  })
  known.set(call.key, pipeline)
  return pipeline
}

function declarations({ inputs, outputs, uniforms }: Dispatch): string {
  const variables = [
    ...Object.keys(outputs).map((name) => `var<storage, read_write> ${name}: array<f32>;`),
    ...Object.keys(inputs).map((name) => `var<storage, read> ${name}: array<f32>;`),
    ...(uniforms ? ['var<uniform> uniforms: Uniforms;'] : []),
  ]
  const fields = Object.entries(uniforms ?? {}).map(([name, { type }]) => `  ${name}: ${type},\n`)
  return [
    ...(uniforms ? [`struct Uniforms {\n${fields.join('')}}`] : []),
    ...variables.map((variable, binding) => `@group(0) @binding(${binding}) ${variable}`),
  ].join('\n')
}

/** A float in WGSL, to its last bit. */
export function float(value: number): string {
  const text = Math.fround(value).toString()
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`
}
