import type { LoadedRun } from '@mate-bench/harness'
import type { ClassifierReport, EntryReport, TrackReport } from '@mate-bench/harness/entries'
import { relationText } from '@mate-bench/harness/verify'
import { integer, intervalText, percentText, plural } from '../format/numbers.ts'
import { comparisonTexts } from './comparison-text.ts'

/** Sentences about tracks and entries that the terminal and the page share. */

export function trackTitle({ track }: TrackReport): string {
  const { train, validation, test } = track.splits
  return `${track.dataset}: ${integer(train.count)} training, ${integer(validation.count)} validation, ${integer(test.count)} test images`
}

/** `81.25 % [79.10, 83.20]`. */
export function accuracyText({ top1, interval }: ClassifierReport): string {
  return `${percentText(top1.mean)} ${intervalText(interval)}`
}

/** `2 seeds (1, 2)`. */
export function seedsText({ seeds }: EntryReport): string {
  return `${plural(seeds.length, 'seed')} (${seeds.join(', ')})`
}

/** What a reader must know to read the table rightly. */
export function notes({ entries, relations }: TrackReport): string[] {
  const texts = [
    'Intervals are 95 %, over seeds and test images together. Costs are sequential: backbone up to the exit and every head on the way; FLOPs = 2 x MACs.',
    ...entries.flatMap(comparisonTexts),
  ]
  const single = entries.filter(({ seeds }) => seeds.length === 1)
  if (single.length > 0) {
    const share = entries.length > single.length ? 'is taken from the other entries' : 'is unknown'
    texts.push(
      `One seed only, so not ranked: ${single.map(({ name }) => name).join(', ')}. Their spread between seeds ${share}.`,
    )
  }
  if (entries.length - single.length > 1) {
    texts.push(
      'Rank: entries that share a rank do not differ significantly at their last exits. Each is compared with the leader and with the baseline (the joint-training entry with the most seeds), at 5 % with Holm’s correction.',
    )
  }
  for (const { name, runs, repeats } of entries) {
    if (repeats.length === 0) continue
    const counted = new Set(runs.map(predictionsOf))
    const identical = repeats.map(predictionsOf).filter((own) => own && counted.has(own)).length
    texts.push(
      `${name}: ${plural(repeats.length, 'further run')} of a seed that is here already ${repeats.length === 1 ? 'counts' : 'count'} nowhere${identical === 0 ? '' : `; ${identical} with the same predictions as the one that counts`}.`,
    )
  }
  for (const { name, seeds, waiting } of entries) {
    if (waiting.length === 0) continue
    const numbers = waiting.map(({ manifest }) => manifest.seed).join(', ')
    texts.push(
      `${name}: seeds count from 1 without a gap, so ${seeds.join(', ')} ${seeds.length === 1 ? 'is' : 'are'} counted and ${numbers} not.`,
    )
  }
  for (const relation of relations) {
    const { specName, seed, runId } = relation.run
    texts.push(`Look at ${specName} seed ${seed} (${runId}): ${relationText(relation)}.`)
  }
  return texts
}

/** Digest of a run's file, which no other training shares. */
function predictionsOf({ manifest }: LoadedRun): string | undefined {
  return manifest.artifacts.find(({ role }) => role === 'predictions')?.sha256
}
