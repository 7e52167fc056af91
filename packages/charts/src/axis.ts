/** Readable ticks of a logarithmic axis, also where it spans less than a decade. */
export function logTicks(from: number, to: number, most = 8): number[] {
  const choices = [[1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1]]
  const ticks = choices.map((steps) => ticksOf(steps, from, to))
  const found = ticks.find((list) => list.length <= most && list.length > 1)
  if (found) return found
  // Closer together than the steps are, or decades further apart than there is room.
  const fewest = ticks.at(-1) ?? []
  return fewest.length <= most ? linearTicks(from, to, most) : fewest.filter((_, i) => i % 2 === 0)
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

/** At most `most` round ticks of a linear axis; of a `whole` one, no fractions. */
export function linearTicks(from: number, to: number, most = 8, whole = false): number[] {
  const length = to - from
  if (!(length > 0)) return [from]
  let power = Math.floor(Math.log10(length / most))
  if (whole) power = Math.max(0, power)
  for (;;) {
    for (const base of [1, 2, 5]) {
      const step = base * 10 ** power
      const first = Math.ceil(from / step - 1e-9)
      const count = Math.floor(to / step + 1e-9) - first + 1
      // Through text: 3 * 0.1 is not 0.3.
      if (count <= most) {
        const ticks = Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(15)))
        return ticks.filter((tick) => tick >= from && tick <= to)
      }
    }
    power++
  }
}

/** A domain around positive values, wider by a share of its logarithmic length; a single value gets room too. */
export function logDomain(values: readonly number[], margin = 0.08): [number, number] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const factor = Math.max((high / low) ** margin, 1.1)
  return [low / factor, high * factor]
}

/** A domain around values with some room, never below `least`. */
export function linearDomain(values: readonly number[], least = Number.NEGATIVE_INFINITY): [number, number] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const room = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1
  return [Math.max(least, low - room), high + room]
}

/** A domain around shares in [0, 1], with some room, inside [0, 1]. */
export function shareDomain(values: readonly number[]): [number, number] {
  const low = Math.min(...values)
  const high = Math.max(...values)
  const room = Math.max(0.01, 0.08 * (high - low))
  return [Math.max(0, low - room), Math.min(1, high + room)]
}
