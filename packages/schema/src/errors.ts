import type { Problem } from './problems.ts'

/** Every way in which the project refuses or fails, closed so that callers can switch over it. */
export const errorCodes = [
  'bad-spec', // a spec file that does not parse or asks for something impossible
  'bad-input', // a wrong argument, flag, file or folder given by the user
  'not-found', // a name or path that does not exist
  'data-missing', // files of a dataset or a run that are not where they should be
  'checksum-mismatch', // a file that is not the one that was published
  'offline', // a host that cannot be reached
  'backend-unavailable', // a tfjs backend that was asked for by name and can't be had
  'non-finite', // a loss or weight that became NaN or infinite
  'conflict', // somebody else holds the lock, or the output exists already
  'storage', // disk full, folder not writable
  'verification-failed', // a run whose digests or numbers do not hold
  'interrupted', // stopped by a signal, resumable
  'internal', // a defect of ours
] as const

export type ErrorCode = (typeof errorCodes)[number]

export interface BenchErrorOptions {
  code: ErrorCode
  /** One sentence: what was wrong. */
  message: string
  /** Where: a spec path such as `training.epochs`, or a file. */
  path?: string | undefined
  /** What to do next. */
  hint?: string | undefined
  /** Everything that is wrong, where one document has several faults. */
  problems?: readonly Problem[] | undefined
  cause?: unknown
}

/** The one error class of the project. Anything else that is thrown is a defect. */
export class BenchError extends Error {
  override readonly name = 'BenchError'
  readonly code: ErrorCode
  readonly path: string | undefined
  readonly hint: string | undefined
  readonly problems: readonly Problem[]

  constructor(opts: BenchErrorOptions) {
    super(opts.message, opts.cause === undefined ? undefined : { cause: opts.cause })
    this.code = opts.code
    this.path = opts.path
    this.hint = opts.hint
    this.problems = opts.problems ?? []
  }
}

/** Narrows whatever was thrown to a `BenchError`; a foreign error becomes `internal` with itself as cause. */
export function benchErrorFromUnknown(thrown: unknown): BenchError {
  if (thrown instanceof BenchError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new BenchError({ code: 'internal', message, cause: thrown })
}
