import { parentPort } from 'node:worker_threads'
import { benchErrorFromUnknown, type ErrorCode, type Problem } from '@mate-bench/schema'
import { type Check, createReport } from './check.ts'
import type { CheckedContent } from './check-content.ts'
import { type CheckRunOptions, checkRun } from './check-run.ts'

/** What the thread is asked for. */
export interface VerifyRequest {
  readonly id: number
  readonly folder: string
  readonly options: CheckRunOptions
}

/** What it says of a request while it is at work, and at the end. */
export type VerifyAnswer = { readonly id: number } & (
  | { readonly type: 'began'; readonly name: string }
  | { readonly type: 'check'; readonly check: Check }
  | { readonly type: 'alive' }
  | { readonly type: 'done'; readonly checked: CheckedContent }
  | { readonly type: 'failed'; readonly error: PlainError }
)

/** A `BenchError` that crosses a thread's border. */
export interface PlainError {
  readonly code: ErrorCode
  readonly message: string
  readonly path: string | undefined
  readonly hint: string | undefined
  readonly problems: readonly Problem[]
}

parentPort?.on('message', async ({ id, folder, options }: VerifyRequest) => {
  const tell = (answer: VerifyAnswer) => parentPort?.postMessage(answer)
  const report = createReport({
    onBegin: (name) => tell({ id, type: 'began', name }),
    onCheck: (check) => tell({ id, type: 'check', check }),
    onAlive: () => tell({ id, type: 'alive' }),
  })
  try {
    tell({ id, type: 'done', checked: await checkRun(folder, options, report) })
  } catch (thrown) {
    const { code, message, path, hint, problems } = benchErrorFromUnknown(thrown)
    tell({ id, type: 'failed', error: { code, message, path, hint, problems } })
  }
})
