import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** SST writes its types anew in every folder while it deploys: no code of the image, and no change of it. */
const code = [':/', ':(exclude,top,glob)**/sst-env.d.ts']

export interface CodeVersion {
  readonly commit: string
  /** Whether something in the checkout is not in the commit; null where there is no git to ask. */
  readonly dirty: boolean | null
  /** Of an image: the same for the same code on the same base, so that deploying twice builds once. */
  readonly tag: string
}

/**
 * What is being deployed: `MATE_BENCH_COMMIT` where that names it, as for an archive that was unpacked, else what git says.
 * @throws Error where neither does: an image that cannot name its code would prove nothing
 */
export function codeVersion(
  folder: string,
  baseImage = '',
  named: string | undefined = process.env.MATE_BENCH_COMMIT,
): CodeVersion {
  const tagOf = (commit: string, content: string) =>
    `${commit.slice(0, 12)}-${createHash('sha256').update(`${content} ${baseImage}`).digest('hex').slice(0, 12)}`
  if (named) return { commit: named, dirty: null, tag: tagOf(named, named) }
  const git = (args: string[], environment: Record<string, string> = {}) =>
    execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    }).trim()
  const commit = git(['rev-parse', 'HEAD'])
  const dirty = git(['status', '--porcelain', '--', ...code]) !== ''
  return { commit, dirty, tag: tagOf(commit, workingTree(git)) }
}

/** Git's own digest of all files as they are, those included that were not added; by an index of its own. */
function workingTree(git: (args: string[], environment?: Record<string, string>) => string): string {
  const scratch = mkdtempSync(join(tmpdir(), 'mate-bench-index-'))
  try {
    const index = git(['rev-parse', '--path-format=absolute', '--git-path', 'index'])
    const GIT_INDEX_FILE = join(scratch, 'index')
    // With the times in it, so that files which did not change are not read again.
    if (existsSync(index)) copyFileSync(index, GIT_INDEX_FILE)
    git(['add', '--all', '--', ...code], { GIT_INDEX_FILE })
    return git(['write-tree'], { GIT_INDEX_FILE })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
