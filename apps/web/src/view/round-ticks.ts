/** Round values inside a range, evenly spaced by 1, 2 or 5 times a power of ten: as many as fit into `most`. */
export function roundTicks(from: number, to: number, most: number): number[] {
  if (!(to > from)) return [from]
  const power = Math.floor(Math.log10((to - from) / most))
  const within = [1, 2, 5, 10, 20].map((size) => multiples(size, power, from, to))
  return within.find((ticks) => ticks.length <= most) ?? [from]
}

function multiples(size: number, power: number, from: number, to: number): number[] {
  // By way of a text: 3 times 0.1 is not 0.3.
  const at = (i: number) => Number(`${i * size}e${power}`)
  const step = at(1)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => at(first + i))
}
