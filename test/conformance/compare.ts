import * as tf from '@tensorflow/tfjs-core'
import { createRandom } from '../../packages/stats/src/index.ts'

/** What one case computes: any number of tensors, by name. Runs in a tidy on whichever backend is current. */
export interface Case {
  readonly group: string
  readonly name: string
  /** Products in the longest sum of any of its tensors. */
  readonly terms: number
  readonly compute: () => Readonly<Record<string, tf.Tensor>>
}

export interface GroupResult {
  readonly group: string
  readonly cases: number
  /** Largest difference from the cpu backend. */
  maxAbsoluteError: number
  /** Largest difference, relative to the largest expected value of its tensor. */
  maxRelativeError: number
  readonly failures: string[]
}

/** Unit roundoff of float32. */
const u = 2 ** -24

/**
 * How far two float32 results may be apart that sum the same n products of standard normal numbers in orders of their own,
 * relative to the largest result of the tensor: n u, and 16 u where a sum is short, for what is not a sum (exponentials and
 * quotients are right to a few units in the last place).
 *
 * But for a probability of the order of exp(-lambda^2 / 2), the error of such a sum is below lambda sqrt(n) u times the sum
 * of the magnitudes (Higham and Mary, A New Approach to Probabilistic Rounding Error Analysis, SIAM J. Sci. Comput. 41(5),
 * 2019, on inner products). The magnitudes of n products sum to some (2 / pi) n, and the largest of hundreds of results is
 * some 3 sqrt(n): relative to that the error is below lambda n u / 5. With lambda = 5 that is n u, which one sum in some
 * 10^5 exceeds. The bound that always holds is sqrt(n) times as large, and would let wrong kernels pass.
 */
function tolerance(terms: number): number {
  return Math.max(16, terms) * u
}

/** Normal numbers named by `stream`: the same on every backend and in every run. */
export function draw(shape: readonly number[], stream: string): tf.Tensor {
  const random = createRandom(11, stream)
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.normal())
  return tf.tensor(values, [...shape])
}

/** y = f(inputs), and the gradient of each input for a fixed dY. */
export function forwardAndGradients(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
): Record<string, tf.Tensor> {
  const y = f(...inputs)
  const gradients = tf.grads(f)([...inputs], draw(y.shape, 'dy'))
  return Object.fromEntries([['y', y], ...gradients.map((gradient, i) => [`d${i}`, gradient] as const)])
}

type Results = Readonly<Record<string, Float32Array>>

async function evaluate({ compute }: Case): Promise<Results> {
  const computed = tf.tidy(compute)
  try {
    const values = Object.entries(computed).map(async ([name, tensor]) => [
      name,
      Float32Array.from(await tensor.data()),
    ])
    return Object.fromEntries(await Promise.all(values))
  } finally {
    tf.dispose(Object.values(computed))
  }
}

/** One after the other, so that a failure is the first one's. */
async function evaluateAll(cases: readonly Case[]): Promise<Results[]> {
  const results: Results[] = []
  for (const one of cases) results.push(await evaluate(one))
  return results
}

/** Computes every case on `backend` (twice) and on cpu, both of which must be open, and compares. */
export async function compareWithCpu(backend: string, cases: readonly Case[]): Promise<GroupResult[]> {
  await tf.setBackend(backend)
  const found = await evaluateAll(cases)
  const again = await evaluateAll(cases)
  await tf.setBackend('cpu')
  const expected = await evaluateAll(cases)
  const groups = new Map<string, GroupResult>()
  for (const [i, { group, name, terms }] of cases.entries()) {
    const result = groups.get(group) ?? {
      group,
      cases: cases.filter((other) => other.group === group).length,
      maxAbsoluteError: 0,
      maxRelativeError: 0,
      failures: [],
    }
    groups.set(group, result)
    for (const [tensor, values] of Object.entries(expected[i] ?? {})) {
      const { absolute, relative } = distance(found[i]?.[tensor], values)
      result.maxAbsoluteError = Math.max(result.maxAbsoluteError, absolute)
      result.maxRelativeError = Math.max(result.maxRelativeError, relative)
      if (!(relative <= tolerance(terms)))
        result.failures.push(`${name}, ${tensor}: off by ${relative.toExponential(1)}`)
      const repeated = distance(again[i]?.[tensor], found[i]?.[tensor] ?? values).absolute
      if (repeated !== 0) result.failures.push(`${name}, ${tensor}: not the same when computed again`)
    }
  }
  return [...groups.values()]
}

/** Largest difference, absolute and relative to the largest expected value. NaN anywhere gives NaN. */
export function distance(
  found: ArrayLike<number> | undefined,
  expected: ArrayLike<number>,
): { absolute: number; relative: number } {
  if (found?.length !== expected.length) return { absolute: Number.NaN, relative: Number.NaN }
  let absolute = 0
  let scale = 1e-6
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((found[i] ?? 0) - (expected[i] ?? 0))
    if (Number.isNaN(difference)) return { absolute: Number.NaN, relative: Number.NaN }
    absolute = Math.max(absolute, difference)
    scale = Math.max(scale, Math.abs(expected[i] ?? 0))
  }
  return { absolute, relative: absolute / scale }
}
