export type Domain = readonly [number, number]

interface Point {
  readonly x: number
  readonly y: number
}

/**
 * The part of a rising staircase that lies inside a frame, as the corners of a line: from each step level to the next
 * step's x, then up. After the last step it goes on to the right edge.
 *
 * @param steps in ascending order of x and of y
 */
export function cutStaircase(steps: readonly Point[], [left, right]: Domain, [bottom, top]: Domain): Point[] {
  const corners: Point[] = []
  for (const [i, step] of steps.entries()) {
    if (i > 0) corners.push({ x: step.x, y: steps[i - 1]?.y ?? step.y })
    corners.push(step)
  }
  const last = corners.at(-1)
  if (last) corners.push({ x: Math.max(right, last.x), y: last.y })
  const inside: Point[] = []
  for (const [i, to] of corners.entries()) {
    const from = corners[i - 1]
    if (!from) continue
    // Every piece is level or upright, so it is cut in one direction alone.
    const level = from.y === to.y
    if (level ? from.y < bottom || from.y > top : from.x < left || from.x > right) continue
    const [low, high] = level ? [left, right] : [bottom, top]
    const [a, b] = level ? [from.x, to.x] : [from.y, to.y]
    if (b < low || a > high) continue
    const clamp = (value: number) => Math.min(high, Math.max(low, value))
    const ends = [clamp(a), clamp(b)].map((value) =>
      level ? { x: value, y: from.y } : { x: from.x, y: value },
    )
    for (const end of ends) {
      const before = inside.at(-1)
      if (before?.x !== end.x || before.y !== end.y) inside.push(end)
    }
  }
  return inside
}
