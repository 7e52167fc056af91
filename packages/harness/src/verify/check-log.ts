import { artifactFiles, type Manifest } from '@mate-bench/schema'
import { z } from 'zod'
import { planSpec } from '../plan.ts'
import type { Spec } from '../spec.ts'
import { differing, type Report, refuseAny } from './check.ts'
import { bytesOf, type RunBytes } from './check-files.ts'
import type { MetricsRow } from './check-training.ts'
import { readRows } from './read-rows.ts'

const at = z.iso.datetime()

/** What is kept of the events of a run; of other types, only that they are events. */
const logRow = z.union([
  z.looseObject({
    type: z.literal('started'),
    at,
    runId: z.string(),
    seed: z.int(),
    epochs: z.int(),
    stepsPerEpoch: z.int(),
    resumedAt: z.looseObject({ epoch: z.int(), step: z.int() }).optional(),
  }),
  z.looseObject({
    type: z.literal('epoch'),
    at,
    epoch: z.int(),
    loss: z.number(),
    trainTop1: z.array(z.number()),
    validationTop1: z.array(z.number()),
  }),
  z.looseObject({ type: z.literal('finished'), at, top1: z.array(z.number()), wallSeconds: z.number() }),
  z.looseObject({ type: z.string().regex(/^(?!(started|epoch|finished)$)/), at }),
])

type LogRow = z.output<typeof logRow>
type RowOf<T extends 'started' | 'epoch' | 'finished'> = Extract<LogRow, { type: T }>

/**
 * Holds log.jsonl to the manifest and to metrics.jsonl: the run began as its manifest says, each epoch ended with the
 * numbers of its metrics, and the last word is the results'. Epochs that were trained twice, since the run was
 * interrupted, stand there twice; the last time counts.
 */
export async function checkLog(
  run: { readonly spec: Spec; readonly manifest: Manifest; readonly bytes: RunBytes },
  metrics: readonly MetricsRow[] | undefined,
  report: Report,
): Promise<void> {
  const { file } = artifactFiles.log
  await report.check(`${file} rows`, () => {
    const { resumptions } = run.manifest.timing
    const { rows, torn } = readRows(bytesOf(run.bytes, 'log'), file, logRow, resumptions)
    const starts = rowsOf(rows, 'started')
    const resumed = starts.filter(({ resumedAt }) => resumedAt !== undefined).length
    refuseAny([
      ...startProblems(
        starts,
        rows.find(({ type }) => type !== 'warning'),
        run,
      ),
      // One that ended before its first checkpoint is told here alone.
      ...(resumed + torn < resumptions
        ? [`it was resumed ${resumed} times, the manifest says ${resumptions}`]
        : []),
      ...epochProblems(rowsOf(rows, 'epoch'), metrics ?? []),
      ...finishProblems(rows.at(-1), run.manifest),
    ])
    return `${rows.length} events from start to finish`
  })
}

function rowsOf<T extends 'started' | 'epoch' | 'finished'>(rows: readonly LogRow[], type: T): RowOf<T>[] {
  return rows.filter((row): row is RowOf<T> => row.type === type)
}

function startProblems(
  starts: readonly RowOf<'started'>[],
  first: LogRow | undefined,
  { spec, manifest }: { readonly spec: Spec; readonly manifest: Manifest },
): string[] {
  if (first?.type !== 'started') return ['it does not begin with the start of the run']
  const expected = {
    runId: manifest.runId,
    seed: manifest.seed,
    epochs: spec.training.epochs,
    stepsPerEpoch: planSpec(spec).stepsPerEpoch,
  }
  // An attempt that ended before its first checkpoint left nothing but its rows here, under an id of its own.
  const lastFresh = starts.findLastIndex(({ resumedAt }) => resumedAt === undefined)
  return starts.flatMap(({ runId, seed, epochs, stepsPerEpoch }, i) =>
    differing(
      { runId: i < lastFresh ? manifest.runId : runId, seed, epochs, stepsPerEpoch },
      expected,
      `start ${i + 1}`,
      'the manifest says',
    ),
  )
}

function epochProblems(ends: readonly RowOf<'epoch'>[], metrics: readonly MetricsRow[]): string[] {
  const last = new Map(ends.map((row) => [row.epoch, row]))
  return metrics.flatMap(({ epoch, loss, train, validation }) => {
    const row = last.get(epoch)
    if (!row) return [`it has no end of epoch ${epoch}`]
    const found = { loss: row.loss, trainTop1: row.trainTop1, validationTop1: row.validationTop1 }
    const expected = {
      loss,
      trainTop1: train.map(({ top1 }) => top1),
      validationTop1: validation.map(({ top1 }) => top1),
    }
    return differing(found, expected, `epoch ${epoch}`, 'the metrics say')
  })
}

function finishProblems(last: LogRow | undefined, { results, timing }: Manifest): string[] {
  if (last?.type !== 'finished') return ['it does not end with the end of the run']
  const { top1, wallSeconds } = last as RowOf<'finished'>
  const expected = { top1: results.exits.map((exit) => exit.top1), wallSeconds: timing.wallSeconds }
  return differing({ top1, wallSeconds }, expected, 'the end', 'the manifest says')
}
