/** Special functions behind the intervals and tests, in float64. */

// Lanczos' approximation with g = 7 and nine terms: relative error below 1e-14 for x > 0.
const lanczosG = 7
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const

/**
 * Natural logarithm of the gamma function.
 *
 * Lanczos, "A Precision Approximation of the Gamma Function", SIAM J. Numer. Anal. B 1, 1964.
 *
 * @param x positive
 */
export function logGamma(x: number): number {
  // Below 1/2 the series loses digits; the reflection formula moves the argument above it.
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  let sum: number = lanczos[0]
  for (let i = 1; i < lanczos.length; i++) sum += (lanczos[i] as number) / (x - 1 + i)
  const t = x - 0.5 + lanczosG
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

/**
 * Continued fraction of the incomplete beta function (DLMF 8.17.22), evaluated by Lentz's method. Converges
 * fast for x < (a + 1) / (a + b + 2).
 */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const guard = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guard(1 + even * d)
    c = guard(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guard(1 + odd * d)
    c = guard(1 + odd / c)
    const step = d * c
    value *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return value
}

/**
 * Regularised incomplete beta function I_x(a, b) (DLMF 8.17.2), which is the distribution function of Beta(a, b).
 *
 * @param x in [0, 1]
 * @param a positive
 * @param b positive
 */
export function regularisedIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b
}

/** Finds where an increasing function reaches a target, to the last bit that bisection can tell. */
function bisect(increasing: (x: number) => number, target: number, low: number, high: number): number {
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (increasing(middle) < target) low = middle
    else high = middle
  }
}

/** Phi(x) - 1/2 for x >= 0, by the series phi(x) (x + x^3/3 + x^5/15 + ...): all terms positive. */
function normalHalf(x: number): number {
  let term = x
  let sum = x
  for (let n = 3; term > sum * 1e-17; n += 2) {
    term *= (x * x) / n
    sum += term
  }
  return (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}

/**
 * Quantile of the standard normal distribution.
 *
 * @param p in (0, 1); accurate for the levels that intervals use (tails down to about 1e-12)
 */
export function normalQuantile(p: number): number {
  if (p < 0.5) return -normalQuantile(1 - p)
  return p === 0.5 ? 0 : bisect(normalHalf, p - 0.5, 0, 9)
}

/**
 * Quantile of Student's t distribution.
 *
 * @param p in (0, 1)
 * @param degreesOfFreedom positive
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (p < 0.5) return -studentQuantile(1 - p, degreesOfFreedom)
  if (p === 0.5) return 0
  const v = degreesOfFreedom
  const distribution = (t: number) => 1 - 0.5 * regularisedIncompleteBeta(v / (v + t * t), v / 2, 0.5)
  const logScale = logGamma((v + 1) / 2) - logGamma(v / 2) - 0.5 * Math.log(v * Math.PI)
  const density = (t: number) => Math.exp(logScale - ((v + 1) / 2) * Math.log1p((t * t) / v))
  let low = 0
  let high = 1
  while (distribution(high) < p) {
    low = high
    high *= 2
  }
  // Newton's method, kept between bounds that halve where it would leave them.
  let t = (low + high) / 2
  for (let step = 0; step < 100; step++) {
    const excess = distribution(t) - p
    if (excess < 0) low = t
    else high = t
    const next = t - excess / density(t)
    const kept = next > low && next < high ? next : (low + high) / 2
    if (Math.abs(kept - t) <= 4e-16 * t) return kept
    t = kept
  }
  return t
}

/**
 * Two-sided tail of Student's t distribution: the chance to be at least as far from zero.
 *
 * @param t at least 0; infinity gives 0, NaN (no difference without any spread) gives 1
 * @param degreesOfFreedom positive
 */
export function studentTail(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) return 1
  const v = degreesOfFreedom
  return regularisedIncompleteBeta(v / (v + t * t), v / 2, 0.5)
}
