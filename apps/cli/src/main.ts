import { benchErrorFromUnknown } from '@mate-bench/schema'
import { outlivesTerminal } from '@mate-bench/worker/hang-up'
import { useProxyOfEnvironment } from '@mate-bench/worker/proxy'
import { CommanderError } from 'commander'
import { formatError } from './errors/error-block.ts'
import { exitCodeOf } from './errors/exit-code.ts'
import { usageError } from './errors/usage-error.ts'
import { createPainter } from './format/paint.ts'
import { createProgram } from './program.ts'
import { outliveReader } from './reader.ts'

/**
 * Runs one command line and says how it went.
 *
 * @param args what stands behind the program's name
 * @returns the exit code: 0, 1 for a failure, 2 for bad input, 130 when interrupted
 */
export async function main(args: readonly string[]): Promise<number> {
  outliveReader()
  // Without a listener it would end us; whoever saves something at a hang-up listens for itself.
  if (outlivesTerminal()) process.on('SIGHUP', () => {})
  try {
    await useProxyOfEnvironment()
    const program = await createProgram(args)
    await program.parseAsync([...args], { from: 'user' })
    // A command that did its work and found something wrong (a failed check, a failed run) says so by itself.
    return typeof process.exitCode === 'number' ? process.exitCode : 0
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0
    const error = thrown instanceof CommanderError ? usageError(thrown, args) : benchErrorFromUnknown(thrown)
    process.stderr.write(formatError(error, createPainter(process.stderr)))
    return exitCodeOf(error)
  }
}
