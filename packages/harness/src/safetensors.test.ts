import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

const sample = {
  tensors: new Map([
    ['b.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['a.labels', { shape: [2], data: Int32Array.of(-1, 7) }],
  ]),
  metadata: { layout: 'HWIO' },
}

describe('safetensors', () => {
  it('lays a file out as the format says', () => {
    const file = encodeSafetensors(sample)
    const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true))
    expect(headerBytes % 8).toBe(0)
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerBytes)))).toEqual({
      __metadata__: { layout: 'HWIO' },
      'a.labels': { dtype: 'I32', shape: [2], data_offsets: [0, 8] },
      'b.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [8, 32] },
    })
    const body = new DataView(file.buffer, 8 + headerBytes)
    expect(body.getInt32(0, true)).toBe(-1)
    expect(body.getFloat32(8 + 20, true)).toBe(6)
    expect(file.length).toBe(8 + headerBytes + 32)
  })

  it('reads back what it wrote, whatever the order of tensors', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.float32Array({ maxLength: 20 })),
        (values) => {
          const entries = Object.entries(values).filter(([name]) => name !== '__metadata__')
          const tensors = new Map(entries.map(([name, data]) => [name, { shape: [data.length], data }]))
          const file = encodeSafetensors({ tensors, metadata: {} })
          const reversed = encodeSafetensors({ tensors: new Map([...tensors].reverse()), metadata: {} })
          expect(reversed).toEqual(file)
          const read = decodeSafetensors(file)
          expect(read.tensors.size).toBe(tensors.size)
          for (const [name, { data }] of tensors) expect(read.tensors.get(name)?.data).toEqual(data)
        },
      ),
    )
  })

  it('reads a Buffer that is a view of something larger', () => {
    const file = encodeSafetensors(sample)
    const pool = Buffer.concat([Buffer.alloc(8, 1), file, Buffer.alloc(8, 1)])
    expect(decodeSafetensors(pool.subarray(8, 8 + file.length))).toEqual(sample)
  })

  it('refuses a file that is cut off, padded, or lies about its ranges', () => {
    const file = encodeSafetensors(sample)
    expect(() => decodeSafetensors(file.subarray(0, file.length - 1))).toThrow(/wrong byte range/)
    expect(() => decodeSafetensors(file.subarray(0, 4))).toThrow(/shorter than its header/)
    const longer = new Uint8Array(file.length + 4)
    longer.set(file)
    expect(() => decodeSafetensors(longer)).toThrow(/do not cover its bytes/)
    const damaged = file.slice()
    damaged[0] = 255
    damaged[1] = 255
    expect(() => decodeSafetensors(damaged)).toThrow(/longer than the file/)
  })
})
