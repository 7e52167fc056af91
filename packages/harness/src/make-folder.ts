import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder and those above it that are missing. Unlike `mkdirSync` with `recursive`, which never returns where
 * the system says that a folder which it can't make does not exist (below /proc, on some network disks).
 *
 * @throws the system's error, such as EACCES, ENOENT, ENOTDIR or EROFS
 */
export function makeFolder(path: string): void {
  const missing: string[] = []
  let folder = resolve(path)
  while (!statSync(folder, { throwIfNoEntry: false })) {
    missing.push(folder)
    folder = dirname(folder)
  }
  for (const next of missing.reverse()) {
    try {
      mkdirSync(next)
    } catch (thrown) {
      // Another process may have made it at the same moment.
      if (!statSync(next, { throwIfNoEntry: false })?.isDirectory()) throw thrown
    }
  }
}
