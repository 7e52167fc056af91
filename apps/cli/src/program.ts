import { Command } from 'commander'
import type { CommandModule } from './command-module.ts'

interface CommandEntry {
  readonly name: string
  readonly summary: string
  /** Loaded only when it is asked for: help and quick commands stay quick. */
  readonly load: () => Promise<CommandModule>
}

const commands: readonly CommandEntry[] = [
  {
    name: 'quickstart',
    summary: 'train joint and MATE on a small dataset, and report the results',
    load: () => import('./commands/quickstart.ts'),
  },
  {
    name: 'plan',
    summary: 'estimate the runs, costs and time of a spec',
    load: () => import('./commands/plan.ts'),
  },
  { name: 'run', summary: 'train and evaluate specs', load: () => import('./commands/run.ts') },
  {
    name: 'report',
    summary: 'print tables of finished runs, and write them as an HTML page',
    load: () => import('./commands/report.ts'),
  },
  {
    name: 'verify',
    summary: 'verify a finished run to the last byte',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'reproduce',
    summary: 'train a published run again, and compare',
    load: () => import('./commands/reproduce.ts'),
  },
  {
    name: 'evaluate',
    summary: 'compute the predictions of a run again from its weights, and compare',
    load: () => import('./commands/evaluate.ts'),
  },
  {
    name: 'check',
    summary: 'have a published run checked by its site',
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'verdict',
    summary: 'verdicts on published runs: list, rule',
    load: () => import('./commands/verdict.ts'),
  },
  {
    name: 'trace',
    summary: 'record the first steps for another framework to replay',
    load: () => import('./commands/trace.ts'),
  },
  {
    name: 'publish',
    summary: 'verify finished runs and write them to the database',
    load: () => import('./commands/publish.ts'),
  },
  {
    name: 'db',
    summary: 'manage the database: where, status, migrate, seed, export, import, stop',
    load: () => import('./commands/db.ts'),
  },
  {
    name: 'results',
    summary: 'results that ship with the project: list, load, check, pack',
    load: () => import('./commands/results.ts'),
  },
  {
    name: 'snapshot',
    summary: 'write everything public to a folder of files and pages, for an archive',
    load: () => import('./commands/snapshot.ts'),
  },
  { name: 'serve', summary: 'serve the site on this machine', load: () => import('./commands/serve.ts') },
  {
    name: 'submit',
    summary: 'send a spec to a site to be trained there',
    load: () => import('./commands/submit.ts'),
  },
  {
    name: 'worker',
    summary: 'train submissions from the queue',
    load: () => import('./commands/worker.ts'),
  },
  {
    name: 'cloud',
    summary: 'training jobs on AWS: status, logs, cancel, retry',
    load: () => import('./commands/cloud.ts'),
  },
  {
    name: 'key',
    summary: 'the key that signs your runs, and the keys that you trust',
    load: () => import('./commands/key.ts'),
  },
  {
    name: 'ledger',
    summary: "a site's ledger of every run: check, show, withdraw",
    load: () => import('./commands/ledger.ts'),
  },
  {
    name: 'token',
    summary: 'create, list and revoke API tokens',
    load: () => import('./commands/token.ts'),
  },
  { name: 'macs', summary: 'MACs and parameters of every exit', load: () => import('./commands/macs.ts') },
  {
    name: 'methods',
    summary: 'training methods and their options',
    load: () => import('./commands/methods.ts'),
  },
  { name: 'data', summary: 'list, fetch, add and verify datasets', load: () => import('./commands/data.ts') },
  {
    name: 'engine',
    summary: 'native training libraries: list, add, remove, where',
    load: () => import('./commands/engine.ts'),
  },
  {
    name: 'doctor',
    summary: 'check this machine: backends, data, memory, database',
    load: () => import('./commands/doctor.ts'),
  },
]

/**
 * The whole command line, with only the commands that `args` names filled in.
 * Errors are thrown (`CommanderError`), help is written to standard output.
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('mate-bench')
    .description('Train multi-exit image classifiers, measure every exit, prove the result.')
    .version('0.1.0', '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .showSuggestionAfterError(true)
    .addHelpText('after', programExamples)
  // `mate-bench run`, and `mate-bench help run`.
  const words = args.filter((word) => !word.startsWith('-')).slice(0, 2)
  for (const { name, summary, load } of commands) {
    const command = program.command(name).description(summary).helpOption('-h, --help', 'print help')
    if (words.includes(name)) (await load()).define(command)
  }
  throwErrors(program)
  return program
}

const programExamples = `
Examples:
  mate-bench quickstart                                    a first result in three minutes
  mate-bench plan bench-specs/cifar100/resnet18-mate.json  what it would cost
  mate-bench run bench-specs/quickstart/*.json --resume    train, or resume
  mate-bench report runs --html report.html                look at it
  mate-bench verify runs                                   check it

Each command has its own --help with examples. In a checkout, after \`npm ci\`, run it as \`npx mate-bench\`.
`

/** For the program and every command below it. */
function throwErrors(command: Command): void {
  // Text of errors is ours to write; help goes through writeOut.
  command.exitOverride().configureOutput({ outputError: () => {} })
  for (const child of command.commands) throwErrors(child)
}
