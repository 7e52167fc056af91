import { defineFunction, type FunctionWriter, f32x4, i32, type Local, v128 } from './assembler.ts'
import { laneStrip, type Strip, vectorStrip } from './strips.ts'

/** Walks `count` float32 at `pointers` in vectors, then the last few one by one. */
function elementwise(
  f: FunctionWriter,
  count: Local,
  pointers: readonly Local[],
  body: (strip: Strip) => void,
): void {
  const left = f.local('i32')
  f.set(left, count)
  for (const strip of [vectorStrip(1), laneStrip]) {
    f.while(
      () => i32.greaterEqualSigned(left, strip.channels),
      () => {
        body(strip)
        for (const pointer of pointers) f.increase(pointer, 4 * strip.channels)
        f.increase(left, -strip.channels)
      },
    )
  }
}

/** dx = dY where y > 0, else 0. */
const reluGradient = defineFunction(
  'reluGradient',
  { dy: 'i32', y: 'i32', dx: 'i32', count: 'i32' },
  (f, p) => {
    elementwise(f, p.count, [p.dy, p.y, p.dx], (strip) => {
      const alive = f32x4.greater(strip.load(p.y, 0), v128.zero)
      f.emit(strip.store(p.dx, v128.and(strip.load(p.dy, 0), alive), 0))
    })
  },
)

/**
 * One step of SGD with momentum on one parameter, in place:
 * g' = g + decay * w, v = momentum * v + g', w = w - rate * v, or w - rate * (g' + momentum * v) with Nesterov.
 */
function sgdStep(nesterov: boolean) {
  return defineFunction(
    nesterov ? 'sgdStepNesterov' : 'sgdStep',
    { w: 'i32', v: 'i32', g: 'i32', count: 'i32', rate: 'f32', momentum: 'f32', decay: 'f32' },
    (f, p) => {
      const [rate, momentum, decay, weight, gradient, velocity] = f.locals('v128', 6) as [
        Local,
        Local,
        Local,
        Local,
        Local,
        Local,
      ]
      f.set(rate, f32x4.splat(p.rate))
      f.set(momentum, f32x4.splat(p.momentum))
      f.set(decay, f32x4.splat(p.decay))
      elementwise(f, p.count, [p.w, p.v, p.g], (strip) => {
        f.set(weight, strip.load(p.w, 0))
        f.set(gradient, f32x4.add(strip.load(p.g, 0), f32x4.mul(decay, weight)))
        f.set(velocity, f32x4.add(f32x4.mul(momentum, strip.load(p.v, 0)), gradient))
        f.emit(strip.store(p.v, velocity, 0))
        const direction = nesterov ? f32x4.add(gradient, f32x4.mul(momentum, velocity)) : velocity
        f.emit(strip.store(p.w, f32x4.sub(weight, f32x4.mul(rate, direction)), 0))
      })
    },
  )
}

export const elementwiseFunctions = [reluGradient, sgdStep(false), sgdStep(true)]
