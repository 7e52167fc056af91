import { constants } from 'node:os'
import { join } from 'node:path'
import { type EngineName, installedEngine } from '@mate-bench/engines'
import { getEngine, installEngine } from '@mate-bench/engines/install'
import { openedByCudnn, openedByTensorflow } from '@mate-bench/engines/tensorflow-gpu'
import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'

interface ImageEngine {
  readonly name: EngineName
  /** Libraries that are opened by name only when they are needed: linking finds all others. */
  readonly openedByName: readonly string[]
}

/** The image's two kinds, by the word that its build is given. */
const engineOfImage: Readonly<Record<string, ImageEngine>> = {
  cpu: { name: 'tensorflow', openedByName: [] },
  gpu: { name: 'tensorflow-gpu', openedByName: [...openedByTensorflow, ...openedByCudnn] },
}

/**
 * Installs the engine while the image is built. Where it is built there is no GPU, so that its libraries are loaded, and no
 * step is trained.
 *
 * @returns exit code
 */
export async function addEngine(kind: string | undefined): Promise<number> {
  return await report(async () => {
    const engine = imageEngine(kind)
    let said = ''
    const { folder } = await installEngine(getEngine(engine.name), {
      async check(staged) {
        requireLoads(engine, staged)
      },
      onProgress(progress) {
        const line = 'item' in progress ? `${progress.phase} ${progress.item}` : progress.phase
        if (line !== said) console.log(line)
        said = line
      },
    })
    console.log(`${engine.name}: ${folder}`)
  })
}

/**
 * Loads every library of the installed engine on this very system, as TensorFlow will.
 *
 * @returns exit code
 */
export async function checkEngine(kind: string | undefined): Promise<number> {
  return await report(async () => {
    const engine = imageEngine(kind)
    const { name } = engine
    const installed = installedEngine(name)
    if (!installed)
      throw new BenchError({ code: 'backend-unavailable', message: `${name} is not installed.` })
    requireLoads(engine, installed.folder)
    console.log(`${name} ${installed.manifest.version}: its libraries load`)
  })
}

/** @throws BenchError with what the loader says of each library that cannot be loaded */
function requireLoads({ openedByName }: ImageEngine, folder: string): void {
  const addon = join(folder, 'addon/tfjs_binding.node')
  const libraries = openedByName.map((library) => join(folder, 'lib', library))
  const problems = [addon, ...libraries].flatMap((path) => loadProblem(path) ?? [])
  if (problems.length === 0) return
  throw new BenchError({ code: 'backend-unavailable', message: problems.join('\n') })
}

/** What the loader says against a library, undefined where it loads with all that it is linked to. */
export function loadProblem(path: string): string | undefined {
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW)
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    // It is there; that it is no addon for Node was clear.
    return message.includes('did not self-register') ? undefined : message
  }
  return undefined
}

function imageEngine(kind = ''): ImageEngine {
  const engine = engineOfImage[kind]
  if (engine) return engine
  throw new BenchError({ code: 'bad-input', message: `The image's engine is cpu or gpu, not '${kind}'.` })
}

async function report(work: () => Promise<void>): Promise<number> {
  try {
    await work()
    return 0
  } catch (thrown) {
    const { message, hint } = benchErrorFromUnknown(thrown)
    console.error(hint === undefined ? message : `${message}\n${hint}`)
    return 1
  }
}
