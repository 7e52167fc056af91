interface Kept<T> {
  readonly version: string
  readonly value: Promise<T>
}

/** The value of a key at a version: the one that is kept, or else what `compute` makes. */
export type VersionCache<T> = (
  key: string,
  version: string,
  compute: (before: T | undefined) => Promise<T>,
) => Promise<T>

/**
 * Caches what is expensive to compute until its version changes; one version per key. Two visits that ask at the same
 * time wait for the same computation.
 *
 * `compute` is given what the version before had, to take over what has not changed.
 *
 * @param most keys beyond which the one that was asked for longest ago is forgotten
 */
export function createVersionCache<T>(most: number): VersionCache<T> {
  const kept = new Map<string, Kept<T>>()
  return (key, version, compute) => {
    const found = kept.get(key)
    kept.delete(key)
    if (found?.version === version) {
      kept.set(key, found)
      return found.value
    }
    const value = found ? found.value.catch(() => undefined).then(compute) : compute(undefined)
    kept.set(key, { version, value })
    // A failure is nobody's result: the next visit tries again.
    value.catch(() => {
      if (kept.get(key)?.value === value) kept.delete(key)
    })
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return value
  }
}
