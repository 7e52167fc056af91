import type { Job } from '@mate-bench/harness'
import { isUnfinished, runFolderPath } from '@mate-bench/harness/run-folder'
import { findSigningKey } from '@mate-bench/harness/signing'
import { digestSpec } from '@mate-bench/harness/spec'
import {
  ensureStart,
  isRegistered,
  keepRegistration,
  newRunId,
  readRegistration,
  readStartFile,
} from '@mate-bench/harness/start-record'
import { BenchError } from '@mate-bench/schema'
import { withoutPaths } from '@mate-bench/worker'
import { createLedgerClient } from './ledger-client.ts'

export interface RegisterOptions {
  readonly url: string
  readonly token: string | undefined
  readonly warn: (message: string) => void
}

/**
 * Has a ledger write down every run that is about to begin, and keeps its answers beside them. A run that trains already is
 * left as it is: it was registered before, or never will be. Without a network the runs train all the same, unregistered.
 *
 * @throws BenchError `bad-input` without a token, or for one that the site refuses
 */
export async function registerStarts(jobs: readonly Job[], options: RegisterOptions): Promise<void> {
  const { url, token, warn } = options
  if (token === undefined) {
    throw new BenchError({
      code: 'bad-input',
      message: 'Registering runs in a ledger needs a token.',
      path: 'MATE_BENCH_TOKEN',
      hint: 'Set MATE_BENCH_TOKEN to a token with the scope submit, or leave --ledger out.',
    })
  }
  const client = createLedgerClient(url, token)
  const key = findSigningKey()
  for (const { spec, seed, out, label, runId } of jobs) {
    const partial = `${runFolderPath(out, spec, seed)}.partial`
    if (isUnfinished(out, spec, seed) || isRegistered(partial)) continue
    const id = runId ?? newRunId(digestSpec(spec), seed)
    await ensureStart({ partial, spec, seed, runId: id, key })
    const start = readStartFile(partial)
    if (!start) continue
    try {
      keepRegistration(partial, await client.start(start, key))
    } catch (thrown) {
      if (!(thrown instanceof BenchError) || thrown.code !== 'offline') throw thrown
      warn(`${label} is not registered in the ledger, and will say so: ${thrown.message}`)
    }
  }
}

/**
 * Tells the ledger of the runs that failed, where it was told of their starts. What can't be told stays open there: the run
 * was begun, and nobody heard of it again.
 */
export async function reportFailures(
  failures: readonly { readonly job: Job; readonly error: BenchError }[],
  { url, token, warn }: RegisterOptions,
): Promise<void> {
  const client = createLedgerClient(url, token)
  for (const { job, error } of failures) {
    const partial = `${runFolderPath(job.out, job.spec, job.seed)}.partial`
    const registration = readRegistration(partial)
    if (!registration) continue
    try {
      await client.fail(
        registration.event.runId,
        withoutPaths(error.message).replaceAll(/[<>]/g, ' ').slice(0, 500),
      )
    } catch (thrown) {
      if (!(thrown instanceof BenchError)) throw thrown
      warn(`could not record in the ledger that ${job.label} failed: ${thrown.message}`)
    }
  }
}
