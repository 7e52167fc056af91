import {
  checkPacked,
  defaultResultsFolder,
  listPacked,
  missingRoles,
  packRuns,
  readAllPacked,
  readPacked,
  requirePacked,
  teacherProblems,
} from '@mate-bench/results'
import { artifactFiles, artifactRoles } from '@mate-bench/schema'
import { listenForStop } from '@mate-bench/worker'
import { formatCheck } from '../commands/verify.ts'
import { bytes, plural } from '../format/numbers.ts'
import { createPainter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { formatTable } from '../format/table.ts'
import { withStore } from '../prepared-store.ts'
import { runFolders } from '../run-folders.ts'
import { loadResults } from './load-results.ts'
import { createProgress } from './progress.ts'

/** What the `results` commands do. Each writes to standard output. */

const say = (text: string) => process.stdout.write(`${text}\n`)
const paint = createPainter(process.stdout)

/** A folder that is named must hold some; without any that ship there is nothing to do. */
function filesIn(from: string | undefined) {
  return from === undefined ? listPacked(defaultResultsFolder()) : requirePacked(from)
}

export async function listResults(from: string | undefined, json: boolean): Promise<void> {
  const files = filesIn(from)
  const rows = files.map((file) => {
    const packed = readPacked(file)
    const missing = missingRoles(packed)
    const { runId, results } = packed.manifest
    const here = artifactRoles.filter((role) => packed.files.has(role))
    return { name: file.name, runId, bytes: file.bytes, top1: results.exits.at(-1)?.top1, here, missing }
  })
  if (json) {
    say(JSON.stringify(rows, null, 2))
    return
  }
  const columns = [
    { title: 'run' },
    { title: 'id' },
    { title: 'size', align: 'right' },
    { title: 'not here' },
  ] as const
  const cells = rows.map((row) => [
    printable(row.name),
    row.runId,
    bytes(row.bytes),
    row.missing.map((role) => artifactFiles[role].file).join(', '),
  ])
  say(formatTable(columns, cells, paint))
  say(`${plural(rows.length, 'run')}, ${bytes(rows.reduce((sum, row) => sum + row.bytes, 0))}.`)
}

export async function packResults(
  runs: readonly string[],
  { to, weights }: { readonly to: string | undefined; readonly weights: readonly number[] },
): Promise<void> {
  const folder = to ?? defaultResultsFolder()
  const outcomes = await packRuns(runFolders(runs), {
    to: folder,
    weightsOf: (seed) => weights.includes(seed),
    onRun: ({ state, path }) => {
      if (state !== 'unchanged') say(`  ${paint('green', '✓')} ${state.padEnd(8)} ${path}`)
    },
  })
  const count = (state: string) => outcomes.filter((outcome) => outcome.state === state).length
  const total = listPacked(folder).reduce((sum, file) => sum + file.bytes, 0)
  say(
    `${count('packed')} packed, ${count('replaced')} replaced, ${count('unchanged')} unchanged: ${plural(listPacked(folder).length, 'run')}, ${bytes(total)} in ${folder}.`,
  )
}

export async function checkResults(from: string | undefined): Promise<void> {
  const runs = readAllPacked(from ?? defaultResultsFolder())
  let failed = 0
  for (const run of runs) {
    const bad = (await checkPacked(run)).filter(({ ok }) => !ok)
    if (bad.length === 0) continue
    failed++
    say(`${printable(run.manifest.spec.name)}, seed ${run.manifest.seed}`)
    for (const check of bad) say(formatCheck(check, paint))
  }
  const problems = teacherProblems(runs)
  for (const problem of problems) say(`${paint('red', '✗')} ${printable(problem)}`)
  if (failed + problems.length > 0) process.exitCode = 1
  if (failed === 0 && problems.length > 0) return
  say(
    failed > 0
      ? paint('red', `${failed} of ${plural(runs.length, 'packed run')} do not hold.`)
      : paint(
          'green',
          `${plural(runs.length, 'packed run')} hold: digests, answers, costs, learning curves, logs, teachers.`,
        ),
  )
}

export async function loadShipped(from: string | undefined): Promise<void> {
  filesIn(from)
  const { stop, close } = listenForStop(() => say('Stopping after this entry.'))
  try {
    await withStore(async ({ db, where }) => {
      const { runs, added } = await loadResults(db, from ?? defaultResultsFolder(), {
        stop,
        onProgress: createProgress(),
      })
      say(`${plural(added, 'run')} of ${runs} added to ${where}.`)
    })
  } finally {
    close()
  }
}
