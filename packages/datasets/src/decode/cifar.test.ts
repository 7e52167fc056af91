import { describe, expect, it } from 'vitest'
import { cifar10 } from '../cifar10.ts'
import { cifar100 } from '../cifar100.ts'
import { cifarRecordBytes, decodeCifar } from './cifar.ts'

/** A record whose red, green and blue planes count up from different starts. */
function record(labels: readonly number[], start: number): number[] {
  const plane = (offset: number) => Array.from({ length: 1024 }, (_, i) => (start + offset + i) % 256)
  return [...labels, ...plane(0), ...plane(50), ...plane(100)]
}

describe('CIFAR binary records', () => {
  it('have the sizes that the official page gives', () => {
    expect(10_000 * cifarRecordBytes(1)).toBe(30_730_000)
    expect(50_000 * cifarRecordBytes(2)).toBe(153_700_000)
    expect(cifar10.files[0]?.members.map((member) => member.bytes)).toEqual(Array(6).fill(30_730_000))
    expect(cifar100.files[0]?.members.map((member) => member.bytes)).toEqual([153_700_000, 30_740_000])
  })

  it('become interleaved images, file after file (one label byte)', () => {
    const files = new Map([
      ['b', Uint8Array.from(record([4], 7))],
      ['a', Uint8Array.from([...record([9], 1)])],
    ])
    const set = decodeCifar(files, {
      files: ['a', 'b'],
      recordsPerFile: 1,
      labelBytes: 1,
      labelAt: 0,
      classes: 10,
    })
    expect([...set.labels]).toEqual([9, 4])
    expect(set.images.length).toBe(2 * 3072)
    expect([...set.images.subarray(0, 6)]).toEqual([1, 51, 101, 2, 52, 102])
    // Row 1, column 2 of the second image: position 34 of each plane.
    expect([...set.images.subarray(3072 + 34 * 3, 3072 + 35 * 3)]).toEqual([41, 91, 141])
  })

  it('take the fine label, which is the second of two', () => {
    const files = new Map([['train.bin', Uint8Array.from([...record([19, 99], 0), ...record([3, 0], 5)])]])
    const set = decodeCifar(files, {
      files: ['train.bin'],
      recordsPerFile: 2,
      labelBytes: 2,
      labelAt: 1,
      classes: 100,
    })
    expect([...set.labels]).toEqual([99, 0])
    expect([...set.images.subarray(3072, 3075)]).toEqual([5, 55, 105])
  })

  it('are refused when the file has another length or a label is no class', () => {
    const opts = { files: ['f'], recordsPerFile: 1, labelBytes: 1, labelAt: 0, classes: 10 } as const
    const bytes = Uint8Array.from(record([10], 0))
    expect(() => decodeCifar(new Map([['f', bytes]]), opts)).toThrow('label 10 of image 0')
    expect(() => decodeCifar(new Map([['f', bytes.subarray(1)]]), opts)).toThrow('3072 bytes, expected 3073')
    expect(() => decodeCifar(new Map(), opts)).toThrow('f can')
  })
})
