import type { ClassifierReport, EntryReport, TrackReport } from '@mate-bench/harness/entries'
import { riskControlOf } from './risk-control-text.ts'

/** The report as plain data: fractions and counts, no text. */
export function reportToJson(tracks: readonly TrackReport[]) {
  return {
    schemaVersion: 1,
    tracks: tracks.map(({ track, entries }) => ({ track, entries: entries.map(entryToJson) })),
  }
}

function entryToJson(entry: EntryReport) {
  const { experimentDigest, specDigest, name, method, backbone, head, seeds, parameters, ranking } = entry
  const { exits, ensemble, runs } = entry
  return {
    experimentDigest,
    specDigest,
    name,
    method,
    backbone,
    head,
    n: seeds.length,
    seeds,
    rank: ranking.rank,
    againstLeader: ranking.againstLeader,
    againstBaseline: ranking.againstBaseline,
    parameters,
    exits: exits.map(
      ({
        k,
        after,
        isolatedMacs,
        sequentialMacs,
        parameters: params,
        onFrontier,
        frontierShare,
        ...rest
      }) => ({
        k,
        after,
        isolatedMacs,
        sequentialMacs,
        sequentialFlops: 2 * sequentialMacs,
        parameters: params,
        onFrontier,
        frontierShare,
        ...classifierToJson(rest),
      }),
    ),
    ensemble: classifierToJson(ensemble),
    riskControlled: riskControlOf(entry),
    runs: runs.map(({ folder, manifest }) => ({
      folder,
      runId: manifest.runId,
      seed: manifest.seed,
      manifestDigest: manifest.manifestDigest,
    })),
  }
}

function classifierToJson({ top1, interval, top5, nll, ece, auroc }: ClassifierReport) {
  const { lower, upper, level, seedShare } = interval
  return {
    top1: { mean: top1.mean, sd: top1.sd, interval: { lower, upper, level, seedShare } },
    top5,
    nll,
    ece,
    auroc,
  }
}
