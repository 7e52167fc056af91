import type { PredictionTable } from '@mate-bench/stats'

export interface ClassAccuracy {
  readonly label: number
  /** Test images of the class, over all runs. */
  readonly images: number
  readonly accuracy: number
  /** What its images are taken for most often, most frequent first, with their share of the class's images. */
  readonly mistakes: readonly { readonly predicted: number; readonly share: number }[]
}

/** Accuracy of each class at one exit over several runs, weakest first. */
export function classAccuracies(tables: readonly PredictionTable[], exitIndex: number): ClassAccuracy[] {
  const classes = tables[0]?.classes ?? 0
  const counts = new Uint32Array(classes * classes) // [label, predicted]
  for (const { labels, exits } of tables) {
    const predicted = exits[exitIndex]?.predicted
    labels.forEach((label, i) => {
      const at = label * classes + (predicted?.[i] ?? 0)
      counts[at] = (counts[at] ?? 0) + 1
    })
  }
  return Array.from({ length: classes }, (_, label) => {
    const row = counts.subarray(label * classes, (label + 1) * classes)
    const images = row.reduce((sum, count) => sum + count, 0)
    const share = (predicted: number) => (images === 0 ? 0 : (row[predicted] ?? 0) / images)
    return {
      label,
      images,
      accuracy: share(label),
      mistakes: Array.from(row.keys())
        .filter((predicted) => predicted !== label && (row[predicted] ?? 0) > 0)
        .map((predicted) => ({ predicted, share: share(predicted) }))
        .sort((a, b) => b.share - a.share || a.predicted - b.predicted)
        .slice(0, 3),
    }
  })
    .filter(({ images }) => images > 0)
    .sort((a, b) => a.accuracy - b.accuracy || a.label - b.label)
}
