import { describe, expect, it } from 'vitest'
import { assemble, defineFunction, type FunctionSource, f32x4, i32, v128 } from './assembler.ts'

/** Runs one function over a fresh page of memory. */
async function run(
  source: FunctionSource,
  fill: (memory: DataView) => void,
  ...args: number[]
): Promise<DataView> {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const view = new DataView(memory.buffer)
  fill(view)
  const { instance } = await WebAssembly.instantiate(assemble([source]), { env: { memory } })
  const f = instance.exports[source.name] as (...args: number[]) => void
  f(...args)
  return view
}

describe('the assembler', () => {
  it.each([0, 1, -1, 63, 64, -64, -65, 8191, 8192, -8193, 2 ** 31 - 1, -(2 ** 31)])(
    'writes the constant %i as it is',
    async (constant) => {
      // There and back again, so that any constant leaves the address where it was.
      const source = defineFunction('f', { at: 'i32' }, (f, p) => {
        const sum = f.local('i32')
        f.set(sum, i32.sub(i32.add(p.at, constant), constant))
        f.emit(v128.storeLane(sum, v128.loadLane(0)))
      })
      const memory = await run(source, (view) => view.setFloat32(0, 1.5, true), 1024)
      expect(memory.getFloat32(1024, true)).toBe(1.5)
    },
  )

  it('reaches far offsets and counts loops to their end', async () => {
    const source = defineFunction('f', { rounds: 'i32' }, (f, p) => {
      const i = f.local('i32')
      const sum = f.local('v128')
      f.for(i, 0, p.rounds, 1, () => f.set(sum, f32x4.add(sum, v128.load(0, 1000))))
      f.emit(v128.store(0, sum, 2000))
    })
    const fill = (view: DataView) => {
      for (const k of [0, 1, 2, 3]) view.setFloat32(1000 + 4 * k, k + 1, true)
    }
    for (const rounds of [0, 1, 7]) {
      const memory = await run(source, fill, rounds)
      const found = [0, 1, 2, 3].map((k) => memory.getFloat32(2000 + 4 * k, true))
      expect(found).toEqual([1, 2, 3, 4].map((value) => value * rounds))
    }
  })

  it('gives both branches of a condition', async () => {
    const source = defineFunction('f', { x: 'i32' }, (f, p) => {
      f.if(
        i32.lessSigned(p.x, 0),
        () => f.emit(v128.storeLane(16, v128.loadLane(0))),
        () => f.emit(v128.storeLane(20, v128.loadLane(0))),
      )
    })
    const fill = (view: DataView) => view.setFloat32(0, 9, true)
    const negative = await run(source, fill, -5)
    const positive = await run(source, fill, 5)
    expect([negative.getFloat32(16, true), negative.getFloat32(20, true)]).toEqual([9, 0])
    expect([positive.getFloat32(16, true), positive.getFloat32(20, true)]).toEqual([0, 9])
  })
})
