import { BenchError } from '@mate-bench/schema'
import type { CommanderError } from 'commander'

/**
 * What commander says about a command line, as an error of ours.
 *
 * @param args the command line: of a command that has subcommands, and was given none, its own help is named
 */
export function usageError({ code, message }: CommanderError, args: readonly string[] = []): BenchError {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n')
  const suggestion = /\(Did you mean (.+)\?\)/.exec(rest.join(' '))?.[1]
  const near = suggestion === undefined ? undefined : `Did you mean ${suggestion}?`
  if (code === 'commander.help') {
    return new BenchError({
      code: 'bad-input',
      message: 'A command is missing.',
      hint: `${['mate-bench', ...args.slice(0, 1), '--help'].join(' ')} lists them.`,
    })
  }
  return new BenchError({
    code: 'bad-input',
    message: `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.$/, '')}.`,
    hint: [near, 'Add --help to see what there is.'].filter((part) => part !== undefined).join(' '),
  })
}
