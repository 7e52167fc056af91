import { enginesFolder, getEngine, installedEngine } from '@mate-bench/engines/install'
import { BenchError } from '@mate-bench/schema'

/** The folder of one engine, or the one that all are in, alone on a line for scripts. */
export function whereEngine(name: string | undefined): void {
  if (name === undefined) {
    process.stdout.write(`${enginesFolder()}\n`)
    return
  }
  const engine = getEngine(name)
  const installed = installedEngine(engine.name)
  if (!installed) {
    throw new BenchError({
      code: 'not-found',
      message: `The engine ${name} is not installed.`,
      path: enginesFolder(),
      hint: `Run \`mate-bench engine add ${name}\`.`,
    })
  }
  process.stdout.write(`${installed.folder}\n`)
}
