import { assemble, type FunctionSource } from './assembler.ts'
import { batchNormFunctions } from './batch-norm.ts'
import { convolve } from './convolution.ts'
import { depthwise, depthwiseFilterGradient } from './depthwise.ts'
import { filterGradient } from './filter-gradient.ts'
import { matMul } from './mat-mul.ts'
import { maxPoolGradient } from './max-pool.ts'
import { reluGradient } from './relu.ts'
import { winogradFunctions } from './winograd.ts'

const functions: readonly FunctionSource[] = [
  convolve,
  filterGradient,
  depthwise,
  depthwiseFilterGradient,
  matMul,
  maxPoolGradient,
  ...batchNormFunctions,
  reluGradient,
  ...winogradFunctions,
]

type Name =
  | 'convolve'
  | 'filterGradient'
  | 'depthwise'
  | 'depthwiseFilterGradient'
  | 'matMul'
  | 'maxPoolGradient'
  | 'channelMoments'
  | 'normalise'
  | 'channelGradientSums'
  | 'channelGradientSumsRelu'
  | 'normaliseGradient'
  | 'normaliseGradientRelu'
  | 'reluGradient'
  | 'transformInput'
  | 'transformOutput'
  | 'transformFilter'
  | 'multiplyTransformed'

/** The functions of the project's own WebAssembly module: addresses and sizes in, results in memory. */
export type SimdModule = Readonly<Record<Name, (...args: number[]) => void>>

/** Compiles the module over `memory`, so that it works in place on the tensors of tfjs' own module. */
export async function instantiateSimd(memory: WebAssembly.Memory): Promise<SimdModule> {
  const { instance } = await WebAssembly.instantiate(assemble(functions), { env: { memory } })
  return instance.exports as unknown as SimdModule
}
