import { join } from 'node:path'
import { groupEntries, loadRuns } from '@mate-bench/harness/entries'
import { projectFolder } from '@mate-bench/harness/environment'
import { readSpec } from '@mate-bench/harness/read-spec'
import { type Check, verifyRun } from '@mate-bench/harness/verify'
import type { BackendChoice } from './command-options.ts'
import { formatCheck, summary } from './commands/verify.ts'
import type { Painter } from './format/paint.ts'
import { publishAndServe } from './publish-and-serve.ts'
import { formatReport } from './report/terminal-report.ts'
import { writeHtmlReport } from './report/write-html-report.ts'
import { runSpecs } from './run-specs.ts'

export interface QuickstartOptions {
  readonly out: string
  readonly backend: BackendChoice
  readonly workers: number | undefined
  /** Where the page goes. */
  readonly report: string
  /** Whether the site is served at the end, and where. */
  readonly serve: boolean
  readonly port: number
  /** Whether an empty database gets the results that ship. */
  readonly results: boolean
}

const specFiles = ['joint.json', 'mate.json']

/** Train, verify, report, publish, serve: the whole journey on the data that ships. */
export async function quickstart(options: QuickstartOptions, paint: Painter): Promise<void> {
  const say = (text: string) => process.stdout.write(`${text}\n`)
  const specs = specFiles.map((file) => {
    const spec = readSpec(join(projectFolder(), 'bench-specs', 'quickstart', file))
    return { spec, seeds: spec.seeds }
  })
  const runs = specs.reduce((sum, { seeds }) => sum + seeds.length, 0)
  say(
    `${paint('bold', 'MATE Bench quickstart')}: joint training against MATE, ${runs} runs on fashion-mnist-mini.\n`,
  )
  const { trained, complete } = await runSpecs(specs, {
    out: options.out,
    backend: options.backend,
    dataFolder: undefined,
    resume: true,
    checkpointEverySteps: undefined,
    workers: options.workers,
    json: false,
  })
  if (!complete) return
  const results: { checks: readonly Check[] }[] = []
  for (const folder of trained.folders) {
    const { checks } = await verifyRun(folder)
    const failed = checks.filter(({ ok }) => !ok)
    if (failed.length > 0) say([folder, ...failed.map((check) => formatCheck(check, paint))].join('\n'))
    results.push({ checks })
  }
  say(`${summary(results, paint)}\n`)
  if (results.some(({ checks }) => checks.some(({ ok }) => !ok))) process.exitCode = 1
  const tracks = groupEntries(await loadRuns(trained.folders))
  say(formatReport(tracks, paint))
  writeHtmlReport(options.report, tracks)
  say(`The page: ${options.report} (open it in any browser)\n`)
  if (process.exitCode) return
  await publishAndServe(trained.folders, { ...options, next: nextSteps(options), say })
}

function nextSteps({ out, serve }: QuickstartOptions): string {
  const steps = [
    ...(serve ? [] : [['npm start', 'the site with these runs'] as const]),
    [`npx mate-bench verify ${out}`, 'every check of every run, a line each'],
    ['npx mate-bench methods', 'what else can be trained'],
    ['npx mate-bench macs bench-specs/quickstart/mate.json', 'what each exit costs'],
    ['npx mate-bench plan bench-specs/cifar100/resnet18-mate.json', 'a real experiment, planned'],
  ] as const
  const width = Math.max(...steps.map(([command]) => command.length))
  return [
    '',
    'Next:',
    ...steps.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`),
    '  Copy bench-specs/quickstart/mate.json, change it, and `npx mate-bench run` it.',
  ].join('\n')
}
