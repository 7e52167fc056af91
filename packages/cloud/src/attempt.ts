import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'

/**
 * Does one thing of several that do not depend on each other: what went wrong with it is kept in `problems`.
 *
 * @returns undefined where it went wrong
 * @throws whatever no other can go right after, such as a database that is away
 */
export async function attempt<T>(problems: string[], act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (thrown) {
    const { code, message } = benchErrorFromUnknown(thrown)
    if (!(thrown instanceof BenchError) || code === 'internal') throw thrown
    problems.push(message)
    return undefined
  }
}
