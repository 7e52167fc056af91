import { accuracyAgainstMacs } from '@mate-bench/charts'
import type { TrackReport } from '@mate-bench/harness/entries'
import { BenchError } from '@mate-bench/schema'
import { percent, si } from '@mate-bench/worker/numbers'

/** The chart of a track: top-1 of every exit against sequential FLOPs, with its figures in words. */
export function accuracyChart({ track, entries }: TrackReport, size: { id: string; width: number }): string {
  const series = entries.map(({ name, exits }) => ({
    name,
    exits: exits.map(({ k, sequentialMacs, top1, interval }) => ({
      k,
      macs: sequentialMacs,
      top1: top1.mean,
      lower: interval.lower,
      upper: interval.upper,
    })),
  }))
  const ends = entries.map(({ name, exits }) => {
    const [first, last] = [exits[0], exits.at(-1)]
    if (!first || !last) return name
    return `${name}: ${percent(first.top1.mean, 1)} at ${si(2 * first.sequentialMacs)}FLOPs to ${percent(last.top1.mean, 1)} at ${si(2 * last.sequentialMacs)}FLOPs`
  })
  return accuracyAgainstMacs(series, {
    ...size,
    unit: 'flops',
    title: `Accuracy against FLOPs on ${track.dataset}`,
    description: `${ends.join('. ')}. The report’s table has all figures.`,
  })
}

/**
 * The chart as a file of its own, dark on white wherever it is shown.
 * @throws BenchError `bad-input` where the runs belong to several tracks, which share no chart
 */
export function chartFile(tracks: readonly TrackReport[]): string {
  const [track, other] = tracks
  if (!track || other) {
    throw new BenchError({
      code: 'bad-input',
      message: `A chart holds one track, and the runs belong to ${tracks.length}.`,
      path: '--chart',
      hint: 'Give the runs of one track, or write a page of all of them with --html.',
    })
  }
  const svg = accuracyChart(track, { id: 'accuracy', width: 880 })
  return `${svg.replace('<svg ', '<svg style="background:#fff;color:#1b1b1f" ').replace(/(<svg style="[^"]*"[^>]*) style="[^"]*"/, '$1')}\n`
}
