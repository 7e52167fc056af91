import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import { DrizzleQueryError } from 'drizzle-orm'

/** What Postgres or the network reported, found through the wrappers that drivers put around it. */
interface Failure {
  readonly code: string
  readonly message: string
  readonly origin: unknown
}

const lostCodes = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|08|57P0[123])/
const lostMessages =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|Query read timeout|socket|WebSocket|closed/i
/** Serialization failure and deadlock: the same transaction may well pass the next time. */
const transientCodes = /^40(001|P01)$/

/** True for a database that went away or was never there. */
export function isConnectionLost(thrown: unknown): boolean {
  const { code, message, origin } = failureOf(thrown)
  return lostCodes.test(code) || isOfConnect(origin) || (code === '' && lostMessages.test(message))
}

/** Of a Unix socket too, whose absence has the code of a missing file. */
function isOfConnect(origin: unknown): boolean {
  return origin instanceof Error && 'syscall' in origin && origin.syscall === 'connect'
}

/** True for a fault that the very same call may not meet again. */
export function isTransient(thrown: unknown): boolean {
  return isConnectionLost(thrown) || transientCodes.test(failureOf(thrown).code)
}

export interface StoreErrorOptions {
  /** What was being done, as in "publishing RUN". */
  readonly doing?: string | undefined
  /** How to do it again once the database is back. */
  readonly retry?: string | undefined
}

/**
 * Turns what a driver threw into an error for people. Statements and their parameters are left out: they may
 * hold what must not stand in a log.
 */
export function storeErrorFromUnknown(thrown: unknown, options: StoreErrorOptions = {}): BenchError {
  if (thrown instanceof BenchError) return thrown
  const { code, message, origin } = failureOf(thrown)
  const known = explain(code, thrown, options) ?? explainFile(origin)
  const doing = options.doing === undefined ? '' : ` while ${options.doing}`
  if (known) {
    return new BenchError({
      code: 'storage',
      message: `${known.message}${doing}: ${withoutSecrets(message)}.`,
      path: known.path,
      hint: known.hint,
      cause: origin,
    })
  }
  const coded = code === '' ? '' : ` (${code})`
  return new BenchError({
    code: 'internal',
    message: `The database refused a statement${doing}: ${withoutSecrets(message)}${coded}.`,
    cause: origin,
  })
}

/**
 * For work that asks the database among other things: what the database or the way to it did is told as such, without the
 * statement, and everything else is left as it is.
 */
export function workErrorFromUnknown(thrown: unknown): BenchError {
  if (thrown instanceof BenchError) return thrown
  const isOfDatabase = thrown instanceof DrizzleQueryError || isTransient(thrown)
  return isOfDatabase ? storeErrorFromUnknown(thrown) : benchErrorFromUnknown(thrown)
}

interface Explanation {
  readonly message: string
  readonly hint: string
  /** The file, where it is about one. */
  readonly path?: string
}

function explain(code: string, thrown: unknown, { retry }: StoreErrorOptions): Explanation | undefined {
  if (isConnectionLost(thrown)) {
    return {
      message: 'The database cannot be reached',
      hint: `${retry ?? 'Try again when it is back.'} \`mate-bench db where\` says which one is meant.`,
    }
  }
  if (/^28/.test(code)) {
    return {
      message: 'The database refused the user or password',
      hint: 'Correct DATABASE_URL. Special characters in a password must be percent-encoded.',
    }
  }
  if (code === '3D000') {
    return {
      message: 'The database does not exist',
      hint: 'Create it, or correct the last part of DATABASE_URL.',
    }
  }
  if (code === '42P01' || code === '42703' || code === '3F000') {
    return { message: 'The database lacks tables of this version', hint: 'Run `mate-bench db migrate`.' }
  }
  if (code === '42501') {
    return {
      message: 'The database user lacks a permission',
      hint: 'Grant it, or use the owner of the database in DATABASE_URL.',
    }
  }
  if (/^53/.test(code)) {
    return {
      message: 'The database has run out of room or connections',
      hint: retry ?? 'Free some and try again.',
    }
  }
  if (code === '25006') {
    return { message: 'The database is read-only', hint: 'Point DATABASE_URL at the primary.' }
  }
  if (transientCodes.test(code)) {
    return { message: 'The database was busy with a conflicting change', hint: retry ?? 'Try again.' }
  }
  return undefined
}

/** What the file system reported: of a run whose files are on their way to the database. */
function explainFile(origin: unknown): Explanation | undefined {
  if (!(origin instanceof Error && 'path' in origin && typeof origin.path === 'string')) return undefined
  return {
    message: 'A file cannot be used',
    hint: 'Check that it exists and can be read, then try again.',
    path: origin.path,
  }
}

function failureOf(thrown: unknown): Failure {
  let innermost: Failure = { code: '', message: String(thrown), origin: thrown }
  for (let error = fromEvent(thrown), depth = 0; error instanceof Error && depth < 5; depth++) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
    // Node reports refused connections to both of localhost's addresses as one error without a message.
    const inside = fromEvent(error instanceof AggregateError ? error.errors[0] : error.cause)
    innermost = { code, message: error.message, origin: error }
    if (code !== '' && !(error instanceof AggregateError)) break
    if (!(inside instanceof Error)) break
    error = inside
  }
  return innermost
}

/** A WebSocket that can't be opened is told as an event, which is no error and holds one. Else what was thrown. */
function fromEvent(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof Error) return thrown
  if (!('type' in thrown && thrown.type === 'error')) return thrown
  if ('error' in thrown && thrown.error instanceof Error) return thrown.error
  const message = 'message' in thrown && typeof thrown.message === 'string' ? thrown.message : ''
  return Object.assign(new Error(message || 'the WebSocket failed'), { code: 'ECONNRESET' })
}

/** A URL inside a message loses its user and password. */
export function withoutSecrets(message: string): string {
  return message
    .replaceAll(/\b(postgres(?:ql)?|wss?):\/\/[^\s@/]*@/gi, '$1://')
    .split('\n', 1)
    .join('')
    .replace(/\.$/, '')
}
