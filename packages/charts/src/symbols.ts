/** Marks of series: a shape for each, so that no reader depends on colour. All have about the same area. */

/** The part of a canvas or of a d3 path that a shape needs. */
interface Pen {
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  closePath(): void
}

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

const shapes: readonly (readonly Point[])[] = [
  regular(24), // as good as a circle at this size
  regular(4, eighth),
  regular(3),
  regular(4),
  regular(3, Math.PI),
  plus,
  regular(6),
  cross,
]

/** What draws a mark: passed to a plot as its symbol, or to `symbolPath`. `size` is an area in square pixels. */
export interface Shape {
  draw(pen: Pen, size: number): void
}

function shapeOf(corners: readonly Point[]): Shape {
  return {
    draw(pen, size) {
      const scale = Math.sqrt(size)
      corners.forEach(([x, y], i) => {
        if (i === 0) pen.moveTo(x * scale, y * scale)
        else pen.lineTo(x * scale, y * scale)
      })
      pen.closePath()
    },
  }
}

/** The mark of networks of one exit: a diamond, drawn hollow, as no series is. */
export const aloneSymbol: Shape = shapeOf(regular(4))

/** Shifted at each round through the shapes: with the eight colours, 64 series stay apart. */
export function seriesSymbol(index: number): Shape {
  const shape = shapes[(index + Math.floor(index / shapes.length)) % shapes.length] ?? []
  return shapeOf(shape)
}

/** The mark as the `d` of a path around the origin. */
export function symbolPath(shape: Shape, size: number): string {
  const parts: string[] = []
  const at = (x: number, y: number) => `${x.toFixed(2)},${y.toFixed(2)}`
  shape.draw(
    {
      moveTo: (x, y) => parts.push(`M${at(x, y)}`),
      lineTo: (x, y) => parts.push(`L${at(x, y)}`),
      closePath: () => parts.push('Z'),
    },
    size,
  )
  return parts.join('')
}
