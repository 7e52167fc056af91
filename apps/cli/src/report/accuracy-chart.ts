import { accuracyChart, type ChartModel, chartFile, mostColoured } from '@mate-bench/charts'
import type { TrackReport } from '@mate-bench/harness/entries'
import { BenchError } from '@mate-bench/schema'
import { percentText, si } from './page-numbers.ts'

/** The chart of a track: top-1 of every exit against sequential FLOPs, with its figures in words. */
export function trackChart({ track, entries }: TrackReport, id: string): ChartModel {
  const series = entries.map(({ experimentDigest, name, method, seeds, exits }) => ({
    ...{ id: experimentDigest, name, method, seeds: seeds.length },
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
    return `${name}: ${percentText(first.top1.mean, 1)} at ${si(2 * first.sequentialMacs)} FLOPs to ${percentText(last.top1.mean, 1)} at ${si(2 * last.sequentialMacs)} FLOPs`
  })
  return accuracyChart(series.slice(0, mostColoured), {
    id,
    faint: series.slice(mostColoured),
    unit: 'flops',
    title: `Accuracy against FLOPs on ${track.dataset}`,
    description: `${ends.join('. ')}. The report’s table has all figures.`,
  })
}

/**
 * The chart as a file of its own, dark on white wherever it is shown.
 * @throws BenchError `bad-input` where the runs belong to several tracks, which share no chart
 */
export function trackChartFile(tracks: readonly TrackReport[]): string {
  const [track, other] = tracks
  if (!track || other) {
    throw new BenchError({
      code: 'bad-input',
      message: `A chart shows one track, but the runs belong to ${tracks.length}.`,
      path: '--chart',
      hint: 'Give the runs of one track, or write a page of all of them with --html.',
    })
  }
  return chartFile(trackChart(track, 'accuracy'))
}
