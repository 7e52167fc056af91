import type { Command } from 'commander'
import { dataOption, jsonOption } from '../command-options.ts'
import { createPainter } from '../format/paint.ts'

interface Flags {
  readonly data?: string
  readonly json?: true
}

const examples = `
Tries every backend in a process of its own with a few training steps of a small ResNet-8, and looks at threads,
memory, disk, datasets and the database's port. Changes nothing but the cached verdicts of the
engines folder. Passwords are never shown. The exit code is 1 where no
backend that can train loads.

Examples:
  mate-bench doctor
  mate-bench doctor --json
`

export function define(command: Command): void {
  command
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (flags: Flags) => {
      const { examine } = await import('@mate-bench/harness/doctor')
      if (!flags.json && process.stderr.isTTY) process.stderr.write('Trying backends ...\n')
      const report = await examine({ dataFolder: flags.data })
      const { bestBackend, formatDoctor } = await import('../format/doctor-text.ts')
      if (!bestBackend(report)) process.exitCode = 1
      if (flags.json) {
        process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
        return
      }
      process.stdout.write(formatDoctor(report, createPainter(process.stdout)))
    })
}
