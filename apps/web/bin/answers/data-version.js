/**
 * Follows the version of the data, which stands in the database and is asked for at most once in `freshMilliseconds`, however many
 * readers there are.
 *
 * @param ask asks for it
 */
export function createVersionWatch(ask, { freshMilliseconds, now = () => performance.now() }) {
  /** Those that were true last, the latest first, with the times at which each still was. */
  let seen = []
  let asking

  function check() {
    if (seen[0] && now() - seen[0].trueAt < freshMilliseconds) return Promise.resolve(seen[0].version)
    asking ??= askAgain().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function askAgain() {
    // When the question left: the answer was true then or later.
    const trueAt = now()
    const version = await ask()
    seen = [{ version, trueAt }, ...seen.filter((other) => other.version !== version)].slice(0, 2)
    return version
  }

  return {
    /** The version as it was less than `freshMilliseconds` ago. Rejects where nobody can say. */
    check,
    /** For how long it is not known to be true any more; Infinity for one of before. */
    ageOf(version) {
      const found = seen.find((other) => other.version === version)
      return found === undefined ? Infinity : now() - found.trueAt
    },
  }
}
