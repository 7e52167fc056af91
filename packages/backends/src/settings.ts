import { BenchError } from '@mate-bench/schema'
import type { BackendName } from './backend.ts'
import { type IsaName, isaNames } from './isa.ts'

/**
 * What a run fixes about how its backend computes, since the last bit of a sum depends on it. Left out, each has a default;
 * what was in effect is in `OpenBackend.settings`, goes into the manifest, and `reproduce` sets it again.
 */
export interface BackendSettings {
  /** Threads of one process. Default 1: the pool uses the cores by running several processes. */
  readonly threads?: number | undefined
  /** Widest instruction set that a native library may use. Default: the widest that this machine has. */
  readonly isa?: IsaName | undefined
  /** On a GPU: only algorithms that give the same bytes each time. Default true. */
  readonly deterministicOps?: boolean | undefined
  /** On a GPU: products of float32 with 10 bits of mantissa. Default false, which is exact float32. */
  readonly tf32?: boolean | undefined
}

/** Settings as a manifest holds them. */
export type RecordedSettings = Readonly<Record<string, string | number | boolean>>

/** The settings to open a backend with so that it computes as it did when these were recorded. */
export function settingsFromRecord(recorded: RecordedSettings | undefined): BackendSettings {
  const { threads, isa, deterministicOps, tf32 } = recorded ?? {}
  return {
    ...(typeof threads === 'number' && threads > 0 ? { threads } : {}),
    ...(isaNames.some((name) => name === isa) ? { isa: isa as IsaName } : {}),
    ...(typeof deterministicOps === 'boolean' ? { deterministicOps } : {}),
    ...(typeof tf32 === 'boolean' ? { tf32 } : {}),
  }
}

/**
 * Refuses what a backend can't do, so that no setting is ignored in silence.
 * @throws BenchError `bad-input`
 */
export function requireSettings(backend: BackendName, settings: BackendSettings): void {
  const { threads, isa, tf32, deterministicOps } = settings
  const refuse = (path: string, message: string, hint: string) => {
    throw new BenchError({ code: 'bad-input', message, path, hint })
  }
  const oneThread = backend === 'wasm' || backend === 'cpu' || backend === 'webgpu'
  if (oneThread && threads !== undefined && threads !== 1) {
    const message = `Backend '${backend}' computes with one thread; ${threads} threads can't be set.`
    refuse('threads', message, 'Leave the option out: several runs use several processes.')
  }
  if (isa !== undefined && (oneThread || process.arch !== 'x64')) {
    const why = oneThread
      ? `Backend '${backend}' uses the same instructions everywhere`
      : `${process.arch} has none of them`
    refuse('isa', `Instruction set ${isa} can't be set: ${why}.`, 'Leave the option out.')
  }
  if (backend === 'tensorflow-gpu') return
  const onGpuAlone =
    'It is a setting of `tensorflow-gpu`; on a CPU every run is exact and gives the same bytes.'
  if (tf32) refuse('tf32', `Backend '${backend}' has no TF32.`, onGpuAlone)
  if (deterministicOps === false)
    refuse('deterministicOps', `Backend '${backend}' has no other algorithms.`, onGpuAlone)
}
