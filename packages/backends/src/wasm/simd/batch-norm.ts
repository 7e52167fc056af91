import { defineFunction, type FunctionWriter, f32x4, i32, type Local } from './assembler.ts'
import { batchNormSumFunctions, gradientThroughRelu } from './batch-norm-sums.ts'
import { forEachRowBlock } from './row-blocks.ts'
import { forEachStrip, laneStrip, type Strip, vectorStrip } from './strips.ts'

const maxVectors = 4

/** Loads each constant's values of a strip of channels, from the vectors [channels] that `p` points to. */
function loadConstants<Name extends string>(
  f: FunctionWriter,
  strip: Strip,
  p: Readonly<Record<NoInfer<Name>, Local>>,
  constants: Readonly<Record<Name, readonly Local[]>>,
  offset: Local,
): void {
  for (const [name, locals] of Object.entries(constants) as [Name, readonly Local[]][]) {
    for (let q = 0; q < strip.vectors; q++) {
      f.set(locals[q] as Local, strip.load(i32.add(p[name], offset), q))
    }
  }
}

/**
 * y = max((x - mean) * scale + beta, floor): batch norm, with ReLU where `floor` is 0 and not -Infinity. Blocks of `block`
 * rows are gone through strip by strip of their channels.
 */
export const normalise = defineFunction(
  'normalise',
  {
    x: 'i32',
    y: 'i32',
    rows: 'i32',
    block: 'i32',
    channels: 'i32',
    mean: 'i32',
    scale: 'i32',
    beta: 'i32',
    floor: 'f32',
  },
  (f, p) => {
    const { channel, rowBytes, offset, block, row } = f.named(
      'i32',
      'channel',
      'rowBytes',
      'offset',
      'block',
      'row',
    )
    const { from, to } = f.named('i32', 'from', 'to')
    const floor = f.local('v128')
    const constants = {
      mean: f.locals('v128', maxVectors),
      scale: f.locals('v128', maxVectors),
      beta: f.locals('v128', maxVectors),
    }
    f.set(floor, f32x4.splat(p.floor))
    f.set(rowBytes, i32.mul(p.channels, 4))
    f.set(block, 0)
    forEachRowBlock(f, p.rows, p.block, (count) => {
      forEachStrip(f, channel, p.channels, [vectorStrip(4), vectorStrip(1), laneStrip], (strip) => {
        f.set(offset, i32.mul(channel, 4))
        loadConstants(f, strip, p, constants, offset)
        f.set(from, i32.add(i32.add(p.x, block), offset))
        f.set(to, i32.add(i32.add(p.y, block), offset))
        f.for(row, 0, count, 1, () => {
          for (let q = 0; q < strip.vectors; q++) {
            const centred = f32x4.sub(strip.load(from, q), constants.mean[q] as Local)
            const y = f32x4.add(f32x4.mul(centred, constants.scale[q] as Local), constants.beta[q] as Local)
            f.emit(strip.store(to, f32x4.max(y, floor), q))
          }
          f.increase(from, rowBytes)
          f.increase(to, rowBytes)
        })
      })
      f.increase(block, i32.mul(count, rowBytes))
    })
  },
)

/** dx = scale * (g - meanGradient - (x - mean) * slope), g being dY, masked by the ReLU that followed where there was one. */
function normaliseGradient(masked: boolean) {
  return defineFunction(
    masked ? 'normaliseGradientRelu' : 'normaliseGradient',
    {
      x: 'i32',
      dy: 'i32',
      dx: 'i32',
      rows: 'i32',
      block: 'i32',
      channels: 'i32',
      mean: 'i32',
      scale: 'i32',
      beta: 'i32',
      meanGradient: 'i32',
      slope: 'i32',
    },
    (f, p) => {
      const { channel, rowBytes, offset, block, row } = f.named(
        'i32',
        'channel',
        'rowBytes',
        'offset',
        'block',
        'row',
      )
      const { xAt, dyAt, dxAt } = f.named('i32', 'xAt', 'dyAt', 'dxAt')
      const { centred, gradient } = f.named('v128', 'centred', 'gradient')
      const constants = {
        mean: f.locals('v128', 2),
        scale: f.locals('v128', 2),
        beta: f.locals('v128', 2),
        meanGradient: f.locals('v128', 2),
        slope: f.locals('v128', 2),
      }
      const constant = (name: keyof typeof constants, q: number) => constants[name][q] as Local
      f.set(rowBytes, i32.mul(p.channels, 4))
      f.set(block, 0)
      forEachRowBlock(f, p.rows, p.block, (count) => {
        // Two vectors at a time: five constants a vector have to stay in registers.
        forEachStrip(f, channel, p.channels, [vectorStrip(2), vectorStrip(1), laneStrip], (strip) => {
          f.set(offset, i32.mul(channel, 4))
          loadConstants(f, strip, p, constants, offset)
          f.set(xAt, i32.add(i32.add(p.x, block), offset))
          f.set(dyAt, i32.add(i32.add(p.dy, block), offset))
          f.set(dxAt, i32.add(i32.add(p.dx, block), offset))
          f.for(row, 0, count, 1, () => {
            for (let q = 0; q < strip.vectors; q++) {
              f.set(centred, f32x4.sub(strip.load(xAt, q), constant('mean', q)))
              const through = gradientThroughRelu(
                masked,
                strip.load(dyAt, q),
                centred,
                constant('scale', q),
                constant('beta', q),
              )
              f.set(gradient, f32x4.sub(through, constant('meanGradient', q)))
              f.set(gradient, f32x4.sub(gradient, f32x4.mul(centred, constant('slope', q))))
              f.emit(strip.store(dxAt, f32x4.mul(gradient, constant('scale', q)), q))
            }
            f.increase(xAt, rowBytes)
            f.increase(dyAt, rowBytes)
            f.increase(dxAt, rowBytes)
          })
        })
        f.increase(block, i32.mul(count, rowBytes))
      })
    },
  )
}

export const batchNormFunctions = [
  ...batchNormSumFunctions,
  normalise,
  normaliseGradient(false),
  normaliseGradient(true),
]
