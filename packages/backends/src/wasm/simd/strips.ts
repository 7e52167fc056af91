import { type Code, type FunctionWriter, f32x4, i32, type Local, type Operand, v128 } from './assembler.ts'

/**
 * How wide a strip of neighbouring channels is, and how it is moved: so many vectors of four, or one lane
 * at a time for the channels that don't fill a vector.
 */
export interface Strip {
  readonly vectors: number
  readonly channels: number
  load(pointer: Operand, vector: number, offset?: number): Code
  store(pointer: Operand, value: Operand, vector: number): Code
}

export function vectorStrip(vectors: number): Strip {
  return {
    vectors,
    channels: 4 * vectors,
    load: (pointer, vector, offset = 0) => v128.load(pointer, 16 * vector + offset),
    store: (pointer, value, vector) => v128.store(pointer, value, 16 * vector),
  }
}

export const laneStrip: Strip = {
  vectors: 1,
  channels: 1,
  load: (pointer, _vector, offset = 0) => v128.loadLane(pointer, offset),
  store: (pointer, value) => v128.storeLane(pointer, value),
}

/** Covers channels 0 .. `end` - 1 with `strips`, widest first, calling `body` once for each place. */
export function forEachStrip(
  f: FunctionWriter,
  channel: Local,
  end: Operand,
  strips: readonly Strip[],
  body: (strip: Strip) => void,
): void {
  f.set(channel, 0)
  for (const strip of strips) {
    f.while(
      () => i32.lessSigned(i32.add(channel, strip.channels - 1), end),
      () => {
        body(strip)
        f.increase(channel, strip.channels)
      },
    )
  }
}

/** `accumulator += a * b` on four float32. */
export function multiplyAdd(f: FunctionWriter, accumulator: Local, a: Operand, b: Operand): void {
  f.set(accumulator, f32x4.add(accumulator, f32x4.mul(a, b)))
}
