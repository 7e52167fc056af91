import { chmodSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []

// Of such hooks the last that was registered runs first: those of the importing file are done.
afterAll(async () => {
  for (const folder of folders.splice(0)) {
    // The child of a program that was killed ends its step, and may write until then.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
})

/** An empty folder that is removed after all tests of the file that imports this. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-test-'))
  // As root, the embedded database runs as an unprivileged user, who must be able to enter.
  chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}
