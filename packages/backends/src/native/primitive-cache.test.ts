import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PrimitiveCache } from './primitive-cache.ts'

describe('PrimitiveCache', () => {
  it('keeps what was used last, makes each entry once, and destroys the others once', () => {
    const uses = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), uses, (capacity, keys) => {
        const cache = new PrimitiveCache<{ key: number; destroy(): void }>(capacity)
        const alive = new Set<object>()
        // What a list says that is moved to the front.
        let recent: number[] = []
        for (const key of keys) {
          let made = false
          const entry = cache.get(String(key), () => {
            made = true
            const fresh = {
              key,
              destroy() {
                expect(alive.delete(fresh)).toBe(true)
              },
            }
            alive.add(fresh)
            return fresh
          })
          expect(entry.key).toBe(key)
          expect(alive.has(entry)).toBe(true)
          expect(made).toBe(!recent.includes(key))
          recent = [key, ...recent.filter((other) => other !== key)].slice(0, capacity)
          expect(cache.size).toBe(recent.length)
          expect(alive.size).toBe(recent.length)
        }
      }),
    )
  })

  it('has nothing where making an entry fails', () => {
    const cache = new PrimitiveCache(2)
    expect(() =>
      cache.get('a', () => {
        throw new Error('refused')
      }),
    ).toThrow('refused')
    expect(cache.size).toBe(0)
  })
})
