import { BenchError } from '@mate-bench/schema'
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

/** @throws BenchError `bad-input` where a backend that has one thread and one instruction set is asked for others */
export function requireFixed(backend: string, { threads, isa }: BackendSettings): void {
  const asked =
    threads !== undefined && threads !== 1
      ? `${threads} threads`
      : isa === undefined
        ? undefined
        : `instruction set ${isa}`
  if (asked === undefined) return
  throw new BenchError({
    code: 'bad-input',
    message: `Backend '${backend}' computes with one thread and the same instructions everywhere; ${asked} can't be set.`,
    path: threads !== undefined && threads !== 1 ? 'threads' : 'isa',
    hint: 'Leave the option out: several runs use several processes.',
  })
}
