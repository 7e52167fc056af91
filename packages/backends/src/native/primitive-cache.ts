/** What is kept and destroyed. */
export interface Destroyable {
  destroy(): void
}

/**
 * Keeps the `capacity` entries that were used last, and destroys the others.
 *
 * Networks use a few dozen primitives, again at each step; a batch of another size, as at the end of an epoch, doubles that.
 */
export class PrimitiveCache<T extends Destroyable> {
  private readonly entries = new Map<string, T>()

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.entries.size
  }

  /** The entry of `key`, made by `create` where there is none. */
  get(key: string, create: () => T): T {
    const found = this.entries.get(key)
    if (found !== undefined) {
      // A map keeps the order of insertion: the one that was used last goes to the end.
      this.entries.delete(key)
      this.entries.set(key, found)
      return found
    }
    const made = create()
    this.entries.set(key, made)
    for (const [oldest, entry] of this.entries) {
      if (this.entries.size <= this.capacity) break
      this.entries.delete(oldest)
      entry.destroy()
    }
    return made
  }
}
