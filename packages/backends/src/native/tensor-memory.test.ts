import type * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import type { Heap } from '../wasm/heap.ts'
import { TensorMemory } from './tensor-memory.ts'

const tensor = (offset: number) => ({ dataId: { offset }, shape: [1], dtype: 'float32' }) as tf.TensorInfo

it('takes the address of the memory anew when it has grown, and only then', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4 })
  // As if it moved each time: a real one may stay where it is.
  const asked: ArrayBufferLike[] = []
  const heap = {
    get buffer() {
      return memory.buffer
    },
    address: ({ dataId }: { dataId: { offset: number } }) => dataId.offset,
  } as unknown as Heap
  const addresses = new TensorMemory(heap, {
    address: (buffer: ArrayBufferLike) => 0x7f00_0000_0000 + 0x1000_0000 * asked.push(buffer),
  })
  expect(addresses.addresses(tensor(64), tensor(4096))).toEqual([0x7f00_1000_0040, 0x7f00_1000_1000])
  expect(addresses.addresses(tensor(64))).toEqual([0x7f00_1000_0040])
  memory.grow(1)
  expect(addresses.addresses(tensor(64))).toEqual([0x7f00_2000_0040])
  expect(asked.map(({ byteLength }) => byteLength)).toEqual([0, 131_072])
})
