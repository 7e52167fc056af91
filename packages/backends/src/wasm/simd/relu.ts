import { defineFunction, f32x4, i32, v128 } from './assembler.ts'
import { laneStrip, vectorStrip } from './strips.ts'

/** dx = dY where y > 0, else 0, over `count` elements: vectors, then the last few one by one. */
export const reluGradient = defineFunction(
  'reluGradient',
  { dy: 'i32', y: 'i32', dx: 'i32', count: 'i32' },
  (f, p) => {
    for (const strip of [vectorStrip(1), laneStrip]) {
      f.while(
        () => i32.greaterEqualSigned(p.count, strip.channels),
        () => {
          const alive = f32x4.greater(strip.load(p.y, 0), v128.zero)
          f.emit(strip.store(p.dx, v128.and(strip.load(p.dy, 0), alive), 0))
          for (const pointer of [p.dy, p.y, p.dx]) f.increase(pointer, 4 * strip.channels)
          f.increase(p.count, -strip.channels)
        },
      )
    }
  },
)
