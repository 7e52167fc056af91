import { overrideVariable } from '@mate-bench/engines'
import { type EngineDefinition, getEngine, installEngine } from '@mate-bench/engines/install'
import { forgetChecks } from '@mate-bench/harness/remembered-check'
import { selfCheck } from '@mate-bench/harness/self-check'
import { BenchError } from '@mate-bench/schema'
import { listenForStop } from '@mate-bench/worker'
import { scientific } from '../format/numbers.ts'
import { createPainter } from '../format/paint.ts'
import { createEngineReporter } from './engine-reporter.ts'

export interface AddOptions {
  readonly from?: string | undefined
  /** Whether training steps are taken before the engine is switched on. */
  readonly check: boolean
}

/** Installs an engine, tells how it goes, and how exact and repeatable its training steps were. */
export async function addEngine(name: string, { from, check }: AddOptions): Promise<void> {
  const engine = getEngine(name)
  const paint = createPainter(process.stdout)
  const reporter = createEngineReporter(process.stdout)
  const signals = listenForStop(() => process.stderr.write('Stopping ...\n'))
  // The second signal ends it at once: what was downloaded is kept, everything else is taken away next time.
  signals.kill.addEventListener('abort', () => process.exit(130))
  let verdict = paint('yellow', 'not tried')
  try {
    const installed = await installEngine(engine, {
      from,
      signal: signals.stop,
      onProgress: reporter.progress,
      check: async (folder) => {
        if (check) verdict = await tryEngine(engine, folder, signals.stop)
      },
    })
    forgetChecks(engine.backend)
    reporter.close()
    process.stdout.write(
      `${paint('green', '✓')} ${name} ${engine.version} is on: ${verdict}\n  ${installed.folder}\n\n` +
        `Train with it: mate-bench run SPEC --backend ${engine.backend}\n`,
    )
  } finally {
    reporter.close()
    signals.close()
  }
}

/** Trains a few steps with the engine in `folder`, in a process that nobody else uses. */
async function tryEngine(
  { name, backend }: EngineDefinition,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const verdict = await selfCheck(backend, { env: { [overrideVariable(name)]: folder }, signal })
  if (signal.aborted)
    throw new BenchError({ code: 'interrupted', message: 'Stopped before it was switched on.' })
  if (!verdict.ok) {
    throw new BenchError({
      code: 'backend-unavailable',
      message: `${name} is installed, but does not train here: ${verdict.reason}`,
      path: name,
      hint:
        verdict.hint === undefined || verdict.hint.includes('engine add')
          ? '`mate-bench doctor` shows what does train here.'
          : verdict.hint,
    })
  }
  const bytes = verdict.sameBytes ? 'the same bytes twice' : 'other bytes each time'
  return `its training steps agree with plain JavaScript to ${scientific(verdict.largestError)}, ${bytes}`
}
