/** Readable ticks of a logarithmic axis, also where it spans less than a decade. */
export function logTicks(from: number, to: number, most = 8): number[] {
  const choices = [[1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1]]
  const ticks = choices.map((steps) => ticksOf(steps, from, to))
  return ticks.find((list) => list.length <= most) ?? ticks.at(-1) ?? []
}

function ticksOf(steps: readonly number[], from: number, to: number): number[] {
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`)
      if (tick >= from && tick <= to) ticks.push(tick)
    }
  }
  return ticks
}

/** A domain around positive values, wider by a share of its logarithmic length; a single value gets room too. */
export function logDomain(values: readonly number[], margin = 0.08): [number, number] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const factor = Math.max((high / low) ** margin, 1.1)
  return [low / factor, high * factor]
}

/** A domain around shares in [0, 1], with some room, inside [0, 1]. */
export function shareDomain(values: readonly number[]): [number, number] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const room = Math.max(0.01, 0.08 * (high - low))
  return [Math.max(0, low - room), Math.min(1, high + room)]
}

const suffixes = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** `1500000` to `1.5M`: short, for ticks. */
export function shortSi(value: number): string {
  const suffix = suffixes.find(([size]) => value >= size)
  return suffix ? `${Number((value / suffix[0]).toPrecision(3))}${suffix[1]}` : String(value)
}
