import { existsSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { writeFileAtomic } from '@mate-bench/harness/atomic-file'
import { BenchError, parseJson } from '@mate-bench/schema'
import { z } from 'zod'

const claimSchema = z.strictObject({ folders: z.array(z.string().max(300)).max(10_000) })

/** The run folders that a reproduction trains. */
export interface ClaimedFolders {
  /** Forgets them, once there is a verdict: from then on they are runs like any others. */
  release(): void
}

/**
 * Writes down which run folders the reproduction of a run trains, before the first of them is. What is finished and was not
 * written down is refused: it may be the published run itself, and would prove nothing. What an interrupted reproduction has
 * finished, such as teachers and other seeds, is its own and is not trained again.
 *
 * @param out where the run folders go
 * @throws BenchError `conflict` naming a folder that was there before, `storage`
 */
export function claimFolders(out: string, runId: string, folders: readonly string[]): ClaimedFolders {
  const path = join(out, `${runId}.reproducing.json`)
  const claimed = new Set(readClaim(path))
  for (const folder of folders) {
    if (existsSync(folder) && !claimed.has(basename(folder))) throw trainedBefore(folder)
    claimed.add(basename(folder))
  }
  writeFileAtomic(path, `${JSON.stringify({ folders: [...claimed] })}\n`)
  return { release: () => rmSync(path, { force: true }) }
}

/**
 * A claimed folder into which somebody copied the published run holds no training of it.
 *
 * @throws BenchError `conflict`
 */
export function requireAnother(folder: string, runId: string, publishedRunId: string): void {
  if (runId !== publishedRunId) return
  throw new BenchError({
    code: 'conflict',
    message: 'The folder holds the published run itself, which says nothing about repeating it.',
    path: folder,
    hint: 'Delete the folder, or choose another place with --out.',
  })
}

function readClaim(path: string): readonly string[] {
  if (!existsSync(path)) return []
  const limits = { maximumBytes: 5_000_000, maximumDepth: 4 }
  const parsed = claimSchema.safeParse(parseJson(readFileSync(path, 'utf8'), path, limits))
  return parsed.success ? parsed.data.folders : []
}

function trainedBefore(folder: string): BenchError {
  return new BenchError({
    code: 'conflict',
    message: 'The folder already holds a training of this run, and reproducing it needs a new one.',
    path: folder,
    hint: 'Delete the folder, or choose another place with --out.',
  })
}
