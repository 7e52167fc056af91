import type { BackendTrial, DatabaseStatus, DoctorReport } from '@mate-bench/harness/doctor'
import { bytes, plural, si, significant } from './numbers.ts'
import type { Painter } from './paint.ts'

/** The doctor's findings, a line each: good, worth knowing, bad. */
export function formatDoctor(report: DoctorReport, paint: Painter): string {
  const { node, machine } = report
  const good = (text: string) => `  ${paint('green', '✓')} ${text}`
  const note = (text: string) => `  ${paint('yellow', '·')} ${text}`
  const bad = (text: string) => `  ${paint('red', '✗')} ${text}`
  const best = bestBackend(report)
  const backendLine = (trial: BackendTrial) => {
    if (!trial.loads) {
      const hint = trial.hint === undefined ? '' : `\n      ${paint('dim', trial.hint)}`
      return note(`${trial.name.padEnd(15)} ${trial.reason}${hint}`)
    }
    const speed = `${significant(trial.gflopPerSecond, 2)} GFLOP/s, ${si(trial.imagesPerSecond)} images/s`
    const threads = trial.threads === 0 ? '' : `, ${plural(trial.threads, 'thread')}`
    const { libtensorflow } = trial.libraries
    const library = libtensorflow === undefined ? '' : ` over TensorFlow ${libtensorflow}`
    const forTests = trial.name === 'cpu' || trial.software
    const chosen = trial === best ? ', what auto takes' : forTests ? ', for tests' : ''
    return good(
      `${trial.name.padEnd(15)} ${trial.version}${library}, ${speed} in training${threads}${trial.gpu ? `, ${trial.gpu}` : ''}${chosen}`,
    )
  }
  const sections: [string, string[]][] = [
    [
      'Machine',
      [
        node.supported ? good(`Node ${node.version}`) : bad(`Node ${node.version}: 20.19 or later is needed`),
        good(`${machine.os}, ${machine.arch}, ${machine.cpu}, ${plural(machine.threads, 'thread')}`),
        good(`${bytes(machine.memoryBytes)} of memory, ${bytes(machine.freeMemoryBytes)} free`),
        machine.freeDiskBytes === null
          ? note('free disk space: unknown')
          : good(`${bytes(machine.freeDiskBytes)} free on the disk of this folder`),
      ],
    ],
    [
      'Backends (a training step of a ResNet-8 with three exits)',
      [
        ...report.backends.map(backendLine),
        ...(best ? [] : [bad('No backend that can train loads. Run `npm ci` again.')]),
      ],
    ],
    [
      `Data (${report.dataFolder})`,
      report.datasets.map(({ name, state, downloadBytes }) => {
        if (state === 'bundled') return good(`${name.padEnd(20)} ships with MATE Bench`)
        if (state === 'ready') return good(`${name.padEnd(20)} here`)
        return note(`${name.padEnd(20)} ${state}: mate-bench data fetch ${name} (${bytes(downloadBytes)})`)
      }),
    ],
    ['Database', [databaseLine(report.database, { good, note, bad })]],
  ]
  return sections.map(([title, lines]) => `${paint('bold', title)}\n${lines.join('\n')}\n`).join('\n')
}

type Mark = (text: string) => string

function databaseLine(
  database: DatabaseStatus,
  { good, note, bad }: Record<'good' | 'note' | 'bad', Mark>,
): string {
  switch (database.state) {
    case 'not-set':
      return note('none set (DATABASE_URL, POSTGRES_URL); training needs none')
    case 'unreadable':
      return bad(`${database.variable} is not a postgres:// address`)
    case 'reachable':
      return good(`${database.variable}: ${database.host}:${database.port} answers`)
    case 'unreachable':
      return bad(`${database.variable}: ${database.host}:${database.port} does not answer`)
  }
}

/** What `auto` would take; undefined where nothing that can train loads. */
export function bestBackend({ backends }: DoctorReport): BackendTrial | undefined {
  return backends.find((trial) => trial.loads && trial.name !== 'cpu' && trial.software === undefined)
}
