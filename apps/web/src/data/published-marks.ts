import type { PublishedPoint } from '@mate-bench/charts'
import { listPublishedResults, type PublishedResult } from '@mate-bench/store'
import { cache } from 'react'
import { exitPhrase, shortCitation } from '../view/published-sources.ts'
import { getStore } from './store.ts'

/** A printed number that states a cost, and the mark that the chart draws for it. */
export interface PublishedMark {
  readonly result: PublishedResult
  readonly point: PublishedPoint
}

/** Printed numbers of a dataset that the chart can draw. Error rates become accuracies. */
export const getPublishedMarks = cache(async (dataset: string): Promise<PublishedMark[]> => {
  const results = await listPublishedResults((await getStore()).db, { dataset })
  return results.flatMap((result) => {
    const top1 = top1Share(result)
    if (top1 === undefined || result.flopsMillions === null || result.flopsMillions <= 0) return []
    const { citation, method, architecture, exit } = result
    const label = `${shortCitation(citation)}: ${method}, ${architecture}, ${exitPhrase(exit)}`
    // What these papers call FLOPs are multiply-accumulates.
    return [{ result, point: { macs: result.flopsMillions * 1e6, top1, label } }]
  })
})

/** Top-1 accuracy as a share, where the number says so. */
function top1Share({ metric, value }: Pick<PublishedResult, 'metric' | 'value'>): number | undefined {
  if (metric === 'top1') return value / 100
  if (metric === 'top1_error') return 1 - value / 100
  return undefined
}
