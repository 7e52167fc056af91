import { readFileSync } from 'node:fs'
import { BenchError } from '@mate-bench/schema'
import { expect, it } from 'vitest'
import { type Check, createReport } from './check.ts'

async function checked(run: () => string): Promise<Check | undefined> {
  const checks: Check[] = []
  const nothing = () => {}
  await createReport({
    onBegin: nothing,
    onAlive: nothing,
    onCheck: (check) => checks.push(check),
  }).check('it', run)
  return checks[0]
}
const throwing = (thrown: unknown) => () => {
  throw thrown
}
const ofOurs = (code: BenchError['code'], cause?: unknown) => new BenchError({ code, message: 'm', cause })

it('tells what a machine lacks from what a run does wrong', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), {
    code: 'ENOSPC',
    syscall: 'write',
  })
  const faults = [
    () => readFileSync('/nonexistent/predictions.parquet', 'utf8'),
    () => String(new ArrayBuffer(2 ** 53 - 1)),
    ...[full, ofOurs('storage'), ofOurs('not-found'), ofOurs('internal', full)].map(throwing),
  ]
  for (const run of faults) {
    expect(await checked(run)).toMatchObject({ ok: false, outcome: 'failed', fault: 'machine' })
  }
  for (const thrown of [new Error('expected a, found b'), ofOurs('bad-input'), new TypeError('t')]) {
    expect((await checked(throwing(thrown)))?.fault).toBeUndefined()
  }
  expect(await checked(() => 'fine')).toEqual({ name: 'it', ok: true, outcome: 'passed', detail: 'fine' })
})
