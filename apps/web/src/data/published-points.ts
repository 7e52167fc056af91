import type { PublishedPoint } from '@mate-bench/charts'
import { listPublishedResults, type PublishedResult } from '@mate-bench/store'
import { cache } from 'react'
import { getStore } from './store.ts'

/** Printed numbers of a dataset that state a cost, as points of the chart. Error rates become accuracies. */
export const getPublishedPoints = cache(async (dataset: string): Promise<PublishedPoint[]> => {
  const results = await listPublishedResults((await getStore()).db, { dataset })
  return results.flatMap((result) => {
    const top1 = top1Share(result)
    if (top1 === undefined || result.flopsMillions === null || result.flopsMillions <= 0) return []
    // What these papers call FLOPs are multiply-accumulates.
    return [{ macs: result.flopsMillions * 1e6, top1, label: publishedLabel(result) }]
  })
})

/** Top-1 accuracy as a share, where the number says so. */
export function top1Share({ metric, value }: Pick<PublishedResult, 'metric' | 'value'>): number | undefined {
  if (metric === 'top1') return value / 100
  if (metric === 'top1_error') return 1 - value / 100
  return undefined
}

function publishedLabel({ citation, method, architecture, exit }: PublishedResult): string {
  const [first = citation.title] = citation.authors
  const year = citation.year === undefined ? '' : ` ${citation.year}`
  return `${first}${citation.authors.length > 1 ? ' et al.' : ''}${year}: ${method}, ${architecture}, exit ${exit}`
}
