import {
  aggregateEntry,
  createRandom,
  type EntryRun,
  selectRuns,
  sumOverRuns,
  tableEntries,
} from '@mate-bench/stats'
import { type EntrySums, ensembleK } from '@mate-bench/store/track-table'
import type { BoardEntry } from '../data/board-table.ts'

const images = 120

interface Wish {
  readonly name: string
  readonly top1: readonly number[]
  readonly method?: string
  readonly backend?: string
  readonly macs?: number
  readonly seeds?: readonly number[]
}

interface DrawnRun extends EntryRun {
  readonly backend: string
}

export interface DrawnEntry extends BoardEntry {
  readonly runs: readonly DrawnRun[]
  readonly sums: EntrySums
}

/** Entries of one table as the board has them, made of drawn bits. */
export function boardEntries(wishes: readonly Wish[]): DrawnEntry[] {
  const methods = new Map(wishes.map(({ name, method = 'joint' }) => [name, method]))
  const table = tableEntries(wishes.flatMap((wish) => (wish.seeds ?? [1, 2]).map((seed) => run(wish, seed))))
  return table
    .map((entry) => ({ entry, counts: aggregateEntry(selectRuns(entry.runs)).counts }))
    .map(({ entry, counts }) => ({
      id: `entry_${entry.name}`,
      specDigest: entry.specDigest,
      name: entry.name,
      method: methods.get(entry.name) ?? 'joint',
      backbone: 'resnet',
      network: 'resnet8',
      head: 'eed',
      tier: 'recomputed',
      backends: [...new Set(entry.runs.map(({ backend }) => backend))],
      seeds: entry.runs.map(({ seed }) => seed),
      runIds: entry.runs.map(({ runId }) => runId),
      waitingIds: [],
      parameters: entry.parameters,
      exits: entry.exits,
      ensemble: entry.ensemble,
      intervals: entry.intervals,
      counts,
      sums: sumsOf(entry.runs),
      frontierShares: entry.exits.map(() => 0.5),
      ranking: entry.ranking,
      synthetic: false,
      disputed: false,
      evidence: 'every number follows from the predictions',
      updatedAt: '2026-01-01T00:00:00.000Z',
      runs: entry.runs,
    }))
}

function sumsOf(runs: readonly DrawnRun[]): EntrySums {
  const exits = runs[0]?.exits.map(({ k }, i): [number, ReturnType<typeof sumOverRuns>] => [
    k,
    sumOverRuns(runs.flatMap((run) => run.exits[i]?.correct ?? [])),
  ])
  return new Map([[ensembleK, sumOverRuns(runs.map(({ ensemble }) => ensemble.correct))], ...(exits ?? [])])
}

function run({ name, top1, method = 'joint', macs = 100, backend = 'wasm' }: Wish, seed: number): DrawnRun {
  const random = createRandom(seed, name)
  const result = (share: number): EntryRun['ensemble'] => {
    const correct = Uint8Array.from({ length: images }, () => (random.uniform() < share ? 1 : 0))
    return {
      top1: correct.reduce((sum, right) => sum + right, 0) / images,
      top5: 1,
      nll: 0.4,
      ece: 0.05,
      auroc: null,
      correct,
    }
  }
  return {
    runId: `run_${name}_${seed}`,
    experimentDigest: `sha256:${name}`,
    specDigest: `sha256:${name}`,
    name,
    method,
    seed,
    backend,
    parameters: 10 * macs,
    finishedAt: '2026-01-01T00:00:00.000Z',
    exits: top1.map((share, i) => ({
      k: i + 1,
      after: `stage${i + 1}`,
      isolatedMacs: macs * (i + 1),
      sequentialMacs: 1.2 * macs * (i + 1),
      parameters: macs * (i + 1),
      ...result(share),
    })),
    ensemble: result(top1.at(-1) ?? 0),
  }
}
