import { type Ruling, rulings } from '@mate-bench/schema'
import { type Command, Option } from 'commander'
import { jsonOption } from '../command-options.ts'

const examples = `
Every check of a published run ends with a verdict, which anybody can read. While a verdict disputes a run, its entry has
no rank. Somebody with the scope approve rules on it: dismissed restores the rank, upheld keeps the entry unranked. The
ruling and its note are shown with the verdict; the last ruling counts.

Examples:
  mate-bench verdict list https://bench.example.org/runs/run_0123456789abcdef0123
  mate-bench verdict rule verdict_0123456789abcdef0123 --ruling dismissed --note "trained with a broken driver"
`

const urlOption = () =>
  new Option('--url <url>', 'the site').env('MATE_BENCH_URL').default('http://localhost:3000')

export function define(command: Command): void {
  command.addHelpText('after', examples)
  command
    .command('list')
    .description('verdicts of a run, newest first')
    .argument('<run>', "address of a published run's page, or its id")
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (run: string, { url, json }: { url: string; json?: true }) => {
      const { sayVerdicts } = await import('../check/verdicts.ts')
      await sayVerdicts(run, { url, json: json ?? false })
    })
  command
    .command('rule')
    .description('rule on a verdict that disputes its run')
    .argument('<verdict>', 'verdict_ and 20 hex digits')
    .addOption(new Option('--ruling <name>', 'the decision').choices([...rulings]).makeOptionMandatory())
    .addOption(new Option('--note <text>', 'why, for everybody to read').makeOptionMandatory())
    .addOption(urlOption())
    .option('--token <token>', 'token with the scope approve (default: MATE_BENCH_TOKEN)')
    .action(async (id: string, flags: { ruling: Ruling; note: string; url: string; token?: string }) => {
      const { ruleOn } = await import('../check/verdicts.ts')
      await ruleOn(id, { ...flags, token: flags.token ?? process.env.MATE_BENCH_TOKEN })
    })
}
