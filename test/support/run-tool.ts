import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import { formatError } from '../../apps/cli/src/errors/error-block.ts'
import { exitCodeOf } from '../../apps/cli/src/errors/exit-code.ts'
import { createPainter } from '../../apps/cli/src/format/paint.ts'

/** Runs a tool of the repository, and says what went wrong as the command line does. */
export async function runTool(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    const error = asUsageError(thrown) ?? benchErrorFromUnknown(thrown)
    process.stderr.write(formatError(error, createPainter(process.stderr)))
    process.exitCode = exitCodeOf(error)
  }
}

/** What `parseArgs` of Node throws. */
function asUsageError(thrown: unknown): BenchError | undefined {
  const code = thrown instanceof TypeError && 'code' in thrown ? String(thrown.code) : ''
  if (!(thrown instanceof Error) || !code.startsWith('ERR_PARSE_ARGS')) return undefined
  return new BenchError({
    code: 'bad-input',
    message: thrown.message,
    hint: 'Add --help to see what there is.',
  })
}
