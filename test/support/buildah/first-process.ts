import { readdirSync, readFileSync } from 'node:fs'

/**
 * The first process of a container that `buildah run` started: the first descendant that is not buildah itself, which
 * starts it through two of its own and does not hand signals on.
 *
 * @returns undefined where there is none yet, or none any more
 */
export function firstProcess(pid: number): number | undefined {
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    if (!/^(sh|buildah.*)$/.test(program)) return pid
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ')
      for (const child of children.filter(Boolean)) {
        const found = firstProcess(Number(child))
        if (found !== undefined) return found
      }
    }
  } catch (thrown) {
    // It ended while it was looked at.
    if (!(thrown instanceof Error && 'code' in thrown && ['ENOENT', 'ESRCH'].includes(String(thrown.code))))
      throw thrown
  }
  return undefined
}
