import { artifactFiles, type Manifest } from '@mate-bench/schema'
import { z } from 'zod'
import { judgeEpoch } from '../checkpoint-rules/registry.ts'
import { learningRates } from '../learning-rates.ts'
import { exitsOf, phaseAt } from '../phases.ts'
import { planSpec } from '../plan.ts'
import type { Spec } from '../spec.ts'
import { differing, type Report, refuseAny, same } from './check.ts'
import { bytesOf, type RunBytes } from './check-files.ts'
import { readRows } from './read-rows.ts'

const fraction = z.number().min(0).max(1)

/** A line of metrics.jsonl. Lines of later versions may hold more. */
const metricsRow = z.looseObject({
  epoch: z.int(),
  /** Where the spec's regime has more than one. */
  phase: z.string().optional(),
  steps: z.int(),
  loss: z.number(),
  terms: z.record(z.string(), z.number()),
  train: z.array(z.looseObject({ k: z.int(), top1: fraction })),
  validation: z.array(z.looseObject({ k: z.int(), top1: fraction, nll: z.number().min(0), ece: fraction })),
  attention: z.array(z.array(fraction)).optional(),
  learningRate: z.looseObject({ first: z.number(), last: z.number() }).optional(),
})

export type MetricsRow = z.output<typeof metricsRow>

/** What a run says of its training, in short. */
export interface TrainingRecord {
  readonly spec: Spec
  readonly manifest: Manifest
  readonly bytes: RunBytes
}

/**
 * Holds metrics.jsonl to spec and manifest: every epoch once, the steps of the splits, the learning rates of the
 * schedule, accuracies that so many images can have, and the epoch that the checkpoint rule judges.
 *
 * @returns the rows, where they can be read
 */
export async function checkTraining(
  run: TrainingRecord,
  report: Report,
): Promise<readonly MetricsRow[] | undefined> {
  const { spec, manifest } = run
  const { file } = artifactFiles.metrics
  const { stepsPerEpoch } = planSpec(spec)
  await report.check('epochs and steps', () => {
    const { epochs, steps } = manifest.training
    same(`${epochs} epochs`, `${spec.training.epochs} epochs`)
    return same(`${steps} steps`, `${spec.training.epochs * stepsPerEpoch} steps`)
  })
  let rows: readonly MetricsRow[] | undefined
  await report.check(`${file} rows`, () => {
    const { rows: read } = readRows(bytesOf(run.bytes, 'metrics'), file, metricsRow)
    same(`${read.length} epochs`, `${spec.training.epochs} epochs`)
    refuseAny(read.flatMap((row, i) => rowProblems(row, i, run)))
    rows = read
    return `${read.length} epochs of ${stepsPerEpoch} steps`
  })
  if (!rows) return undefined
  const epochs = rows
  await report.check('judged epoch', () => judgedEpoch(spec, manifest, epochs))
  return rows
}

function rowProblems(row: MetricsRow, i: number, { spec, manifest }: TrainingRecord): string[] {
  const exits = spec.model.exits.length
  const phase = phaseAt(spec.training, i)
  const trained = exitsOf(phase, exits)
  const { train, validation } = manifest.track.splits
  const where = `epoch ${i + 1}`
  const problems: string[] = []
  const hold = (holds: boolean, message: string) => {
    if (!holds) problems.push(`${where}: ${message}`)
  }
  const { stepsPerEpoch } = planSpec(spec)
  hold(row.epoch === i + 1, `the row is of epoch ${row.epoch}`)
  hold(row.steps === stepsPerEpoch, `it has ${row.steps} steps, not ${stepsPerEpoch}`)
  const phaseName = phase.name === 'whole' ? undefined : phase.name
  hold(row.phase === phaseName, `it is of the phase ${row.phase ?? 'none'}, not ${phaseName ?? 'of any'}`)
  const validated = validation.count > 0 ? trained : []
  hold(numbered(row.train, trained), `train is not of the exits ${trained.join(', ')}`)
  hold(
    numbered(row.validation, validated),
    `validation is not of the exits ${validated.join(', ') || 'none'}`,
  )
  for (const [split, results, count] of [
    ['train', row.train, train.count],
    ['validation', row.validation, validation.count],
  ] as const) {
    for (const { k, top1 } of results) {
      hold(
        Math.round(top1 * count) / count === top1,
        `${split} top-1 ${top1} of exit ${k} is no share of ${count} images`,
      )
    }
  }
  const { attention, learningRate } = row
  const isSquare = attention?.length === exits && attention.every(({ length }) => length === exits)
  hold(!attention || isSquare, `attention is not of ${exits} x ${exits}`)
  if (learningRate) {
    const expected = learningRates(spec.training, { epoch: i, stepsPerEpoch })
    problems.push(...differing(learningRate, expected, `${where}: learningRate`, 'the schedule gives'))
  }
  return problems
}

function numbered(results: readonly { k: number }[], exits: readonly number[]): boolean {
  return results.length === exits.length && results.every(({ k }, i) => k === exits[i])
}

/** How far a GPU that sums in another order each time may move what the same weights give. */
const unsteady = { top1: 0.005, nll: 0.01, ece: 0.01 }

function judgedEpoch(spec: Spec, manifest: Manifest, rows: readonly MetricsRow[]): string {
  const rule = spec.evaluation.checkpoint
  let best: number | undefined
  let judged = 0
  for (const [i, { epoch, validation }] of rows.entries()) {
    if (phaseAt(spec.training, i).name === 'backbone') continue
    const verdict = judgeEpoch(
      rule,
      validation.map(({ top1 }) => top1),
      best,
    )
    best = verdict.score
    if (verdict.keep) judged = epoch
  }
  same(`epoch ${manifest.training.judgedEpoch}`, `epoch ${judged}`)
  const row = rows[judged - 1]
  const { attention, validation } = manifest.results
  refuseAny(
    differing(attention ?? null, row?.attention ?? null, 'results.attention', 'the judged epoch says'),
  )
  // The judged weights were run on the validation split twice: at the end of their epoch, and after training.
  refuseAny(
    (row?.validation ?? []).flatMap((during, i) =>
      (['top1', 'nll', 'ece'] as const).flatMap((metric) => {
        const after = validation[i]?.[metric] ?? Number.NaN
        const allowed = manifest.deterministic ? 0 : unsteady[metric]
        const isNear = Math.abs(during[metric] - after) <= allowed
        return isNear
          ? []
          : [`exit ${i + 1} had validation ${metric} ${during[metric]} in its epoch and ${after} when judged`]
      }),
    ),
  )
  return `epoch ${judged}, as the rule "${rule.name}" says`
}
