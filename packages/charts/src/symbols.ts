import type { SeriesStyle } from './model.ts'

/** Marks of series: a shape for each, so that no reader depends on colour. All have about the same area. */

type Point = readonly [x: number, y: number]

/** Corners of a regular polygon of unit area; `turn` in radians, 0 points upwards. */
function regular(corners: number, turn = 0): Point[] {
  const radius = Math.sqrt(2 / (corners * Math.sin((2 * Math.PI) / corners)))
  return Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners
    return [radius * Math.sin(angle), -radius * Math.cos(angle)]
  })
}

const arm = 0.24
const reach = 0.66
const plus: Point[] = [
  [-arm, -reach],
  [arm, -reach],
  [arm, -arm],
  [reach, -arm],
  [reach, arm],
  [arm, arm],
  [arm, reach],
  [-arm, reach],
  [-arm, arm],
  [-reach, arm],
  [-reach, -arm],
  [-arm, -arm],
]
const eighth = Math.PI / 4
const cross = plus.map(
  ([x, y]): Point => [
    x * Math.cos(eighth) - y * Math.sin(eighth),
    x * Math.sin(eighth) + y * Math.cos(eighth),
  ],
)

/** Five points, the inner corners at two fifths of the outer ones' distance. */
const star = Array.from({ length: 10 }, (_, i): Point => {
  const radius = i % 2 === 0 ? 0.94 : 0.4
  const angle = (Math.PI * i) / 5
  return [radius * Math.sin(angle), -radius * Math.cos(angle)]
})
const hourglass: Point[] = [
  [-0.66, -0.72],
  [0.66, -0.72],
  [0.12, 0],
  [0.66, 0.72],
  [-0.66, 0.72],
  [-0.12, 0],
]

const shapes: readonly (readonly Point[])[] = [
  regular(16), // as good as a circle at this size
  regular(4, eighth),
  regular(3),
  regular(4),
  regular(3, Math.PI),
  plus,
  regular(6),
  cross,
  star,
  hourglass,
]

export const symbolCount = shapes.length

/** Drawn hollow, as no other series is: networks of one exit are diamonds, numbers of papers circles. */
const hollow = { alone: regular(4), published: regular(16) } as const

/**
 * A mark as the `d` of a path around the origin.
 *
 * @param size its area in square pixels
 */
export function symbolPath(symbol: SeriesStyle['symbol'], size: number): string {
  const corners = typeof symbol === 'number' ? shapes[symbol % shapes.length] : hollow[symbol]
  const scale = Math.sqrt(size)
  const points = (corners ?? []).map(([x, y]) => `${rounded(x * scale)} ${rounded(y * scale)}`)
  return `M${points.join('L')}Z`
}

const rounded = (value: number) => Number(value.toFixed(1))
