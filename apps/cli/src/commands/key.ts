import { type Command, InvalidArgumentError, Option } from 'commander'
import { jsonOption, label } from '../command-options.ts'

interface CreateFlags {
  readonly name: string
  readonly json?: true
}

interface TrustFlags {
  readonly name?: string
  readonly remove?: true
}

interface Flags {
  readonly json?: true
}

const examples = `
\`mate-bench run\` signs each finished run with your key, if you have one, and \`mate-bench verify\` shows who signed a
run. Unsigned runs are accepted too, as "reported".

The key is in MATE_BENCH_CONFIG, else in mate-bench/ of your configuration folder, readable by you alone. Keep a copy: a
lost key cannot be recovered. On a machine that gets its secrets as variables, set MATE_BENCH_SIGNING_KEY to the content of
the file.

Examples:
  mate-bench key create --name "ada laptop"
  mate-bench key show                                 the public key, to give to others
  mate-bench key trust ed25519:9f86... --name "ada"   verify then says that a run is hers
  mate-bench key trust ed25519:9f86... --remove
  mate-bench key list
`

function keyId(text: string): string {
  if (/^ed25519:[0-9a-f]{64}$/.test(text)) return text
  throw new InvalidArgumentError('A key is ed25519: and 64 hex digits, as `mate-bench key show` prints it.')
}

/** The work is in `keys.ts`, loaded when a subcommand runs. */
export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('create')
    .description('create your key')
    .addOption(new Option('--name <text>', 'what you call it').argParser(label).default('my key'))
    .addOption(jsonOption())
    .action(async (flags: CreateFlags) =>
      (await import('../keys.ts')).makeKey(flags.name, flags.json ?? false),
    )
  command
    .command('show')
    .description('your public key and where its file is')
    .addOption(jsonOption())
    .action(async (flags: Flags) => (await import('../keys.ts')).sayKey(flags.json ?? false))
  command
    .command('trust')
    .description('record whose key it is, so that verify names the signer')
    .argument('<key>', 'ed25519: and 64 hex digits', keyId)
    .addOption(new Option('--name <text>', 'whose it is').argParser(label))
    .option('--remove', 'stop trusting it')
    .action(async (key: string, flags: TrustFlags) => {
      const { trust } = await import('../keys.ts')
      trust(key, flags)
    })
  command
    .command('list')
    .description('your key and those that you trust')
    .addOption(jsonOption())
    .action(async (flags: Flags) => (await import('../keys.ts')).sayKeys(flags.json ?? false))
}
