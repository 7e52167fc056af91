import { sumOverRuns } from '@mate-bench/stats'
import { expect, it } from 'vitest'
import { bytesToPlanes, planesToBytes } from './plane-bytes.ts'

it('gives back the planes that were written, for a number of images that fills no word', () => {
  const runs = [3, 5, 7].map((step) => Uint8Array.from({ length: 77 }, (_, i) => (i % step === 0 ? 1 : 0)))
  const sums = sumOverRuns(runs)
  expect(sums.planes).toHaveLength(2)
  const bytes = planesToBytes(sums)
  expect(bytes).toHaveLength(2 * 3 * 4)
  // In the middle of another buffer, as a driver may give it.
  const shifted = new Uint8Array(bytes.length + 3)
  shifted.set(bytes, 3)
  expect(bytesToPlanes(shifted.subarray(3), 77)).toEqual(sums)
})
