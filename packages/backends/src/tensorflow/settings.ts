import { effectiveIsa } from '../isa.ts'
import type { BackendSettings, RecordedSettings } from '../settings.ts'

/** What is fixed of TensorFlow, under the names that manifests have. */
export interface TensorflowSettings extends RecordedSettings {
  /** Threads within an operation. */
  readonly threads: number
  /** Operations at once: tfjs-node gives one at a time, so more would only wait. */
  readonly interOpThreads: number
  /** Whether TensorFlow uses oneDNN, whose sums have another order than Eigen's. */
  readonly oneDnn: boolean
}

/**
 * Fixes by environment variables what TensorFlow would choose by the machine it finds. They are read when the library
 * starts, so this comes before it is loaded, and holds for the life of the process.
 *
 * On a GPU: TF_DETERMINISTIC_OPS also fixes which of cuDNN's algorithms are taken, and NVIDIA_TF32_OVERRIDE=0 keeps cuBLAS
 * and cuDNN from rounding the inputs of products to TF32.
 */
export function fixTensorflowSettings(
  asked: BackendSettings,
  onGpu: boolean,
  env: Record<string, string | undefined> = process.env,
): TensorflowSettings {
  const threads = asked.threads ?? 1
  const isa = effectiveIsa(asked.isa)
  env.TF_NUM_INTRAOP_THREADS = String(threads)
  env.TF_NUM_INTEROP_THREADS = '1'
  env.OMP_NUM_THREADS = String(threads)
  env.TF_ENABLE_ONEDNN_OPTS = '1'
  // Or products of float32 could be rounded to bfloat16 where somebody's environment asks for it.
  env.ONEDNN_DEFAULT_FPMATH_MODE = 'STRICT'
  delete env.TF_SET_ONEDNN_FPMATH_MODE
  if (isa !== undefined) env.ONEDNN_MAX_CPU_ISA = isa.toUpperCase()
  // Without it, oneDNN's kernel of a filter's gradient is made again for each call, which takes longer than a small one runs.
  env.TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE = 'false'
  env.TF_CPP_MIN_LOG_LEVEL ??= '1'
  const onCpu = { threads, interOpThreads: 1, oneDnn: true, ...(isa === undefined ? {} : { isa }) }
  if (!onGpu) return onCpu
  const deterministicOps = asked.deterministicOps ?? true
  const tf32 = asked.tf32 ?? false
  // One variable switches an operation's choice of algorithm, the other says nothing where it is unset.
  env.TF_DETERMINISTIC_OPS = deterministicOps ? '1' : '0'
  env.NVIDIA_TF32_OVERRIDE = tf32 ? '1' : '0'
  return { ...onCpu, deterministicOps, tf32 }
}
