import { describe, expect, it } from 'vitest'
import { createVersionCache } from './version-cache.ts'

function counter() {
  const calls: string[] = []
  const cache = createVersionCache<string>(2)
  const get = (key: string, version: string) =>
    cache(key, version, async () => {
      calls.push(`${key}${version}`)
      return `${key}${version}`
    })
  return { calls, get }
}

describe('createVersionCache', () => {
  it('computes once a version, also for visits at the same time', async () => {
    const { calls, get } = counter()
    expect(await Promise.all([get('a', '1'), get('a', '1')])).toEqual(['a1', 'a1'])
    expect(await get('a', '2')).toBe('a2')
    expect(calls).toEqual(['a1', 'a2'])
  })

  it('forgets the key that was asked for longest ago', async () => {
    const { calls, get } = counter()
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key, '1')
    expect(calls).toEqual(['a1', 'b1', 'c1', 'b1'])
  })

  it('keeps no failure', async () => {
    const cache = createVersionCache<number>(2)
    await expect(cache('a', '1', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
    expect(await cache('a', '1', async () => 7)).toBe(7)
  })
})
