import type { MemoryImages, Normalisation } from './dataset.ts'

/**
 * Normalised value of each byte in each channel, `float32((byte / 255 - mean) / std)`, computed in float64 and
 * rounded once, at [channel * 256 + byte].
 */
export function normalisationTable(normalisation: Pick<Normalisation, 'mean' | 'std'>): Float32Array {
  const { mean, std } = normalisation
  const table = new Float32Array(mean.length * 256) // [C, 256]
  mean.forEach((channelMean, channel) => {
    const channelStd = std[channel] ?? 1
    for (let byte = 0; byte < 256; byte++) {
      table[channel * 256 + byte] = (byte / 255 - channelMean) / channelStd
    }
  })
  return table
}

/**
 * Mean and population standard deviation of each channel over all pixels, on the 0..1 scale. The sums are
 * whole numbers and exact.
 */
export function measureNormalisation(
  set: Pick<MemoryImages, 'images'>,
  channels: number,
): { mean: number[]; std: number[] } {
  const mean: number[] = []
  const std: number[] = []
  const count = set.images.length / channels
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0
    let squares = 0
    for (let i = channel; i < set.images.length; i += channels) {
      const value = set.images[i] as number
      sum += value
      squares += value * value
    }
    const average = sum / count
    mean.push(average / 255)
    std.push(Math.sqrt(squares / count - average * average) / 255)
  }
  return { mean, std }
}
