import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []

// Hooks run last come, first served: with those of the importing file done, nothing writes here any more.
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder that is removed after all tests of the file that imports this. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-test-'))
  // As root, the embedded database runs as an unprivileged user, who must be able to enter.
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}
