import { describe, expect, it } from 'vitest'
import { dogLists } from '../fixtures/dog-lists.ts'
import { readMatFile } from './mat-file.ts'

const file = (name: string) => dogLists.get(name) ?? new Uint8Array()

describe('a MAT-file', () => {
  it('that SciPy compressed gives its cells and doubles', async () => {
    const variables = await readMatFile(file('train_list.mat'), 'train_list.mat')
    expect([...variables.keys()]).toEqual(['file_list', 'annotation_list', 'labels'])
    expect(variables.get('labels')).toEqual([1, 1, 1, 2, 2, 2])
    expect(variables.get('file_list')?.[4]).toBe('n02085782-Japanese_spaniel/n02085782_1.jpg')
  })

  it('that was not compressed gives its cells and bytes', async () => {
    const variables = await readMatFile(file('test_list.mat'), 'test_list.mat')
    expect(variables.get('labels')).toEqual([1, 1, 2, 2])
    expect(variables.get('annotation_list')).toHaveLength(4)
    expect(variables.get('file_list')?.[0]).toBe('n02085620-Chihuahua/n02085620_3.jpg')
  })

  it.each([0, 40, 200, 500])('is refused when it ends after %i bytes', async (bytes) => {
    await expect(readMatFile(file('test_list.mat').subarray(0, bytes), 'x.mat')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('x.mat is no readable MAT-file'),
    })
  })
})
