import { scopes } from '@mate-bench/schema'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { jsonOption, label, wholeNumber } from '../command-options.ts'

interface CreateFlags {
  readonly name: string
  readonly owner: string
  readonly scope: string[]
  readonly days: number
  readonly json?: true
}

interface Flags {
  readonly json?: true
}

const examples = `
Tokens let programs and people submit specs over HTTP. The database keeps only a hash of a token: it is shown once.
Scopes: submit (send specs, cancel one's own), approve (let submissions run, or not), admin (all of these).

Database: DATABASE_URL, else POSTGRES_URL, else the embedded server (mate-bench db where).

Examples:
  mate-bench token create --owner ada --name laptop --scope submit
  mate-bench token create --owner ada --name reviews --scope submit,approve --days 30
  mate-bench token list
  mate-bench token revoke 0123456789ab
`

function scopeList(text: string): string[] {
  const words = [...new Set(text.split(',').map((word) => word.trim()))]
  if (words.some((word) => !scopes.some((scope) => scope === word))) {
    throw new InvalidArgumentError(`Scopes are ${scopes.join(', ')}, separated by commas.`)
  }
  return words
}

/** The work is in `tokens.ts`, loaded when a subcommand runs. */
export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('create')
    .description('create a token and print it; it is shown only once')
    .addOption(
      new Option('--owner <name>', 'who is responsible for it; shown with submissions')
        .argParser(label)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--name <text>', 'what it is for').argParser(label).default('token'))
    .addOption(
      new Option('--scope <list>', `of ${scopes.join(', ')}`)
        .argParser(scopeList)
        .default(['submit'], 'submit'),
    )
    .addOption(
      new Option('--days <n>', 'days until it expires, at most 3650')
        .argParser(wholeNumber(1, 3650))
        .default(90),
    )
    .addOption(jsonOption())
    .action(async (flags: CreateFlags) => {
      const { makeToken } = await import('../tokens.ts')
      await makeToken({ ...flags, scopes: flags.scope, json: flags.json ?? false })
    })
  command
    .command('list')
    .description('list tokens and their state, without secrets')
    .addOption(jsonOption())
    .action(async (flags: Flags) => (await import('../tokens.ts')).sayTokens(flags.json ?? false))
  command
    .command('revoke')
    .description('revoke a token at once')
    .argument('<id>', '12 hex digits: the middle of the token, or the first column of the list')
    .action(async (id: string) => (await import('../tokens.ts')).withdrawToken(id))
}
