import { describe, expect, it } from 'vitest'
import { ImageMemory } from './image-memory.ts'

describe('the memory of images', () => {
  it('keeps a row of each training image under its position in the published set', () => {
    const memory = new ImageMemory(Uint32Array.of(2, 5, 9), 2)
    expect(memory.shape).toEqual([3, 2])
    memory.remember(Uint32Array.of(9, 2), Float32Array.of(1, 2, 3, 4))
    expect([...memory.recall(Uint32Array.of(2, 5, 9))]).toEqual([3, 4, 0, 0, 1, 2])
    expect(() => memory.recall(Uint32Array.of(3))).toThrow('image 3')
    expect(() => memory.remember(Uint32Array.of(10), Float32Array.of(1, 2))).toThrow('image 10')
  })

  it('is a tensor of the checkpoint like any other', async () => {
    const memory = new ImageMemory(Uint32Array.of(2, 5), 1)
    memory.write(Float32Array.of(7, 8))
    expect([...(await memory.data())]).toEqual([7, 8])
    expect([...memory.recall(Uint32Array.of(5))]).toEqual([8])
  })

  it('hands out copies', () => {
    const memory = new ImageMemory(Uint32Array.of(0), 1)
    memory.recall(Uint32Array.of(0))[0] = 5
    expect([...memory.recall(Uint32Array.of(0))]).toEqual([0])
  })
})
