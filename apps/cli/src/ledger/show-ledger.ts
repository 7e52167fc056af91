import { digestExperiment, shortKey } from '@mate-bench/provenance'
import { BenchError, type LedgerEvent } from '@mate-bench/schema'
import { createPainter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { formatTable } from '../format/table.ts'
import { createLedgerClient } from './ledger-client.ts'

interface Shown {
  readonly index: number
  readonly event: LedgerEvent
}

const latest = 20

export interface ShowOptions {
  readonly url: string
  readonly run: string | undefined
  /** A spec file. */
  readonly spec: string | undefined
  readonly json: boolean
}

/** What `ledger show` does. */
export async function sayEvents({ url, run, spec, json }: ShowOptions): Promise<void> {
  if (run !== undefined && spec !== undefined) {
    throw new BenchError({ code: 'bad-input', message: 'Name a run or a spec, not both.', path: '--spec' })
  }
  const client = createLedgerClient(url)
  const filter = await filterOf(run, spec, async () => (await client.head()).head.treeSize)
  const events: Shown[] = []
  for await (const { index, event } of client.events(filter)) events.push({ index, event })
  if (json) process.stdout.write(`${JSON.stringify({ site: client.site, events }, null, 2)}\n`)
  else if (events.length === 0) process.stdout.write('No events.\n')
  else process.stdout.write(`${tableOf(events)}\n`)
}

async function filterOf(
  run: string | undefined,
  spec: string | undefined,
  size: () => Promise<number>,
): Promise<Record<string, string>> {
  if (run !== undefined) return { run }
  if (spec === undefined) return { from: String(Math.max(0, (await size()) - latest)) }
  const { readSpec } = await import('@mate-bench/harness/read-spec')
  return { experiment: digestExperiment(readSpec(spec)) }
}

export interface WithdrawOptions {
  readonly url: string
  readonly run: string
  readonly reason: string
  readonly json: boolean
}

/** What `ledger withdraw` does. */
export async function withdraw({ url, run, reason, json }: WithdrawOptions): Promise<void> {
  const token = process.env.MATE_BENCH_TOKEN
  if (token === undefined) {
    throw new BenchError({
      code: 'bad-input',
      message: 'Withdrawing a run needs a token.',
      path: 'MATE_BENCH_TOKEN',
      hint: 'Set MATE_BENCH_TOKEN to a token with the scope admin.',
    })
  }
  const { events } = await createLedgerClient(url, token).withdraw(run, reason)
  if (json) process.stdout.write(`${JSON.stringify({ events }, null, 2)}\n`)
  else process.stdout.write(`${tableOf(events)}\n`)
}

function tableOf(events: readonly Shown[]): string {
  const columns = [
    { title: 'event', align: 'right' as const },
    { title: 'at' },
    { title: 'what' },
    { title: 'run' },
    { title: 'seed', align: 'right' as const },
    { title: 'spec' },
    { title: 'key' },
    { title: '' },
  ]
  const rows = events.map(({ index, event }) => [
    ...[String(index), event.at, event.kind, event.runId, String(event.seed)],
    ...[event.specDigest.slice('sha256:'.length, 'sha256:'.length + 8)],
    event.key === null ? 'unsigned' : shortKey(event.key),
    noteOf(event),
  ])
  return formatTable(columns, rows, createPainter(process.stdout))
}

function noteOf(event: LedgerEvent): string {
  if (event.kind === 'started')
    return event.registered === 'before-training' ? '' : 'not registered before training'
  return event.kind === 'finished' ? '' : printable(event.reason)
}
