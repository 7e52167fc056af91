import { readFile, writeFile } from 'node:fs/promises'
import { BenchError } from '@mate-bench/schema'
import type { ObjectStore } from '../object-store.ts'

type Call = 'put' | 'get' | 'remove'

/** Objects in memory, and a place to make the n-th call of a kind fail. */
export class MemoryObjects implements ObjectStore {
  readonly where = 'memory'
  readonly objects = new Map<string, Uint8Array>()
  /** Keys, in the order in which they were put. */
  readonly puts: string[] = []
  /** Called before and after each call, which fails where this throws. */
  during: (call: Call, moment: 'before' | 'after') => void = () => {}

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.during('put', 'before')
    this.puts.push(key)
    this.objects.set(key, Uint8Array.from(bytes))
    this.during('put', 'after')
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    this.during('get', 'before')
    return this.objects.get(key)
  }

  async putFile(key: string, path: string): Promise<void> {
    await this.put(key, await readFile(path))
  }

  async getFile(key: string, path: string): Promise<boolean> {
    const bytes = await this.get(key)
    if (bytes) await writeFile(path, bytes)
    return bytes !== undefined
  }

  async remove(keys: readonly string[]): Promise<void> {
    this.during('remove', 'before')
    for (const key of keys) this.objects.delete(key)
    this.during('remove', 'after')
  }

  /** From now on the n-th call of this kind (1 for the next) and all after it fail, at this moment of it. */
  failFrom(call: Call, n: number, moment: 'before' | 'after' = 'before'): void {
    let calls = 0
    this.during = (name, at) => {
      if (name !== call || at !== moment || ++calls < n) return
      throw new BenchError({ code: 'storage', message: 'The connection was lost.' })
    }
  }

  /** Everything works again. */
  mend(): void {
    this.during = () => {}
  }
}
