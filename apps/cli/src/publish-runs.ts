import { BenchError, type ErrorCode } from '@mate-bench/schema'
import { type ArtifactStore, type Db, openArtifacts } from '@mate-bench/store'
import { publishFolder } from '@mate-bench/worker'
import { plural } from './format/numbers.ts'
import { createPainter } from './format/paint.ts'
import { printable } from './format/printable.ts'
import { withStore } from './prepared-store.ts'
import { teachersFirst } from './teacher-folders.ts'

interface Outcome {
  readonly folder: string
  readonly state: 'published' | 'unchanged' | 'refused'
  readonly runId?: string
  /** Why it was refused. */
  readonly problems?: readonly string[]
  /** What could not be checked, or is worth a look. */
  readonly notes?: readonly string[]
}

export interface PublishRunsOptions {
  /** Write JSON for machines instead of a line a run. */
  readonly json: boolean
  /** Fires to end before the next run. */
  readonly stop?: AbortSignal
}

/**
 * What `publish` does: checks each run, writes those that hold, says what became of each, sets the exit code.
 *
 * @throws BenchError `interrupted` when it is stopped before the last run, `storage` without a database
 */
export async function publishRuns(
  asked: readonly string[],
  { json, stop }: PublishRunsOptions,
): Promise<void> {
  // A student is published after its teachers, which its manifest names.
  const folders = await teachersFirst(asked)
  const paint = createPainter(process.stdout)
  const say = (line: string) => {
    if (!json) process.stdout.write(`${line}\n`)
  }
  const signs = { published: paint('green', '✓'), unchanged: paint('dim', '='), refused: paint('red', '✗') }
  const outcomes: Outcome[] = []
  let where = ''
  await withStore(async (store) => {
    where = store.where
    const artifactStore = await openArtifacts()
    for (const folder of folders) {
      if (stop?.aborted) throw interrupted()
      const outcome = await tryFolder(store.db, artifactStore, folder)
      outcomes.push(outcome)
      say(
        `  ${signs[outcome.state]} ${outcome.state.padEnd(9)} ${folder}  ${paint('dim', outcome.runId ?? '')}`,
      )
      for (const line of [...(outcome.problems ?? []), ...(outcome.notes ?? [])]) {
        say(`      ${printable(line)}`)
      }
    }
  })
  const refused = outcomes.filter(({ state }) => state === 'refused').length
  if (refused > 0) process.exitCode = 1
  if (json) process.stdout.write(`${JSON.stringify({ database: where, runs: outcomes }, null, 2)}\n`)
  else if (refused > 0) say(paint('red', `${refused} of ${plural(folders.length, 'run')} refused.`))
  else say(paint('green', `${plural(folders.length, 'run')} in ${where}.`))
}

function interrupted(): BenchError {
  return new BenchError({
    code: 'interrupted',
    message: 'Stopped before every run was published.',
    hint: 'Give the same command again: what is published is not written twice.',
  })
}

/** What is wrong with a run rather than with the database or the machine. */
const ofTheRun: readonly ErrorCode[] = [
  'verification-failed',
  'conflict',
  'bad-input',
  'bad-spec',
  'not-found',
]

async function tryFolder(db: Db, artifactStore: ArtifactStore, folder: string): Promise<Outcome> {
  try {
    const { runId, alreadyPublished, notes } = await publishFolder(db, artifactStore, folder, {
      tier: 'recomputed',
    })
    const state = alreadyPublished ? 'unchanged' : 'published'
    const told = notes.map(({ name, outcome, detail }) => `${outcome}: ${name}: ${detail}`)
    return { folder, state, runId, ...(told.length > 0 ? { notes: told } : {}) }
  } catch (thrown) {
    // Others may still be fine; a database that is gone is the same for all.
    if (!(thrown instanceof BenchError && ofTheRun.includes(thrown.code))) throw thrown
    const problems = thrown.problems.map(({ path, message }) => `${path}: ${message}`)
    const advice = problems.length > 0 || thrown.hint === undefined ? [] : [thrown.hint]
    return { folder, state: 'refused', problems: [thrown.message, ...problems, ...advice] }
  }
}
