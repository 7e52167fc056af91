import type { IsaName } from '../../isa.ts'

/**
 * Values of enumerations in oneDNN's C headers (`dnnl_types.h`) that are the same in versions 2 and 3.
 *
 * oneDNN, Intel and the UXL Foundation, Apache 2.0, https://uxlfoundation.github.io/oneDNN/.
 */

/** `dnnl_status_t`, in order. */
export const statusNames = [
  'success',
  'out of memory',
  'invalid arguments',
  'not implemented',
  'end of iterator',
  'runtime error',
  'not required',
] as const

export const float32 = 3
export const cpuEngine = 1
export const inOrderStream = 1
/** `dnnl_format_tag_any`: the library chooses the layout. */
export const anyLayout = 1
/** `dnnl_scratchpad_mode_user`: the caller brings the scratch memory. */
export const userScratchpad = 1
export const forwardTraining = 64
export const directConvolution = 1
/** `dnnl_alg_kind_t`: an average over the window's pixels that lie inside of the image, or over all of them. */
export const averageInside = 0x3ff
export const averageOfWindow = 0x2ff
/** `dnnl_query_exec_arg_md`: the memory descriptor of an argument, by its number. */
export const queryArgument = 255

/** `DNNL_ARG_*`: which argument of a primitive a memory is. */
export const argument = {
  source: 1,
  destination: 17,
  weights: 33,
  scratchpad: 80,
  sourceGradient: 129,
  destinationGradient: 145,
  weightsGradient: 161,
} as const

/** `dnnl_version_t`. */
export const versionMembers = {
  major: 'int',
  minor: 'int',
  patch: 'int',
  hash: 'void *',
  cpuRuntime: 'uint',
  gpuRuntime: 'uint',
} as const

/** `dnnl_cpu_isa_t`, the instruction sets that oneDNN has float32 code for; each includes the narrower ones. */
export const isaBits: Readonly<Record<IsaName, number>> = {
  sse41: 0x1,
  avx: 0x3,
  avx2: 0x7,
  avx512_core: 0x27,
}

/** `DNNL_RUNTIME_*`: what the library starts threads with. */
export const runtimes = { sequential: 1, openMp: 2 } as const
