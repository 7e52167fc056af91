import { BenchError, didYouMean } from '@mate-bench/schema'
import { type BackendName, backendNames, type LoadedBackend, type OpenBackend } from './backend.ts'
import { loadCpu } from './load-cpu.ts'
import { loadNative } from './load-native.ts'
import { loadTensorflow } from './load-tensorflow.ts'
import { loadWasm } from './load-wasm.ts'

const loaders: Record<BackendName, () => Promise<LoadedBackend>> = {
  'tensorflow-gpu': () => loadTensorflow('@tensorflow/tfjs-node-gpu'),
  native: () => loadNative(),
  tensorflow: () => loadTensorflow('@tensorflow/tfjs-node'),
  wasm: loadWasm,
  cpu: loadCpu,
}

const remedies: Record<BackendName, string> = {
  'tensorflow-gpu':
    'On a machine with an NVIDIA driver, CUDA 11.2 and cuDNN 8.1: `npm install --no-save @tensorflow/tfjs-node-gpu@4.22.0`, or use the GPU image.',
  native: 'Run `npx mate-bench engine add onednn`, or use `--backend wasm`.',
  tensorflow: 'Run `npm install --no-save @tensorflow/tfjs-node@4.22.0`, or use `--backend wasm`.',
  wasm: 'Run `npm ci` again: the package @tensorflow/tfjs-backend-wasm belongs to the project.',
  cpu: 'Run `npm ci` again: the package @tensorflow/tfjs-backend-cpu belongs to the project.',
}

/** Why a backend failed in this process: a native library that failed once isn't loaded a second time. */
const failures = new Map<BackendName, string>()

function isBackendName(name: string): name is BackendName {
  return (backendNames as readonly string[]).includes(name)
}

/** First line of whatever was thrown, in words that a reader of `doctor` understands. */
function reasonFromUnknown(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const missing =
    /Cannot find (?:package|module) '([^']+)'/.exec(message) ?? /Failed to load url (\S+)/.exec(message)
  if (missing?.[1]?.startsWith('@tensorflow/')) return `${missing[1]} is not installed`
  return message.split('\n')[0]?.trim() ?? 'unknown reason'
}

async function load(name: BackendName): Promise<LoadedBackend | { failure: string }> {
  const known = failures.get(name)
  if (known !== undefined) return { failure: known }
  try {
    return await loaders[name]()
  } catch (thrown) {
    const failure = reasonFromUnknown(thrown)
    failures.set(name, failure)
    return { failure }
  }
}

/**
 * Makes a tfjs backend the current one, complete for training.
 *
 * `auto` takes the best that loads, never `cpu`, and says in `reason` why the better ones were passed over.
 * A backend that is asked for by name is had or refused: nothing falls back in silence.
 *
 * @throws BenchError `backend-unavailable` with the reason and what to install, or `bad-input` for an unknown name
 */
export async function openBackend(name: BackendName | 'auto' | (string & {}) = 'auto'): Promise<OpenBackend> {
  if (name !== 'auto') {
    if (!isBackendName(name)) {
      throw new BenchError({
        code: 'bad-input',
        message: `There is no backend called '${name}'; there are auto, ${backendNames.join(', ')}.`,
        path: 'backend',
        hint: didYouMean(name, ['auto', ...backendNames]),
      })
    }
    const loaded = await load(name)
    if ('failure' in loaded) {
      throw new BenchError({
        code: 'backend-unavailable',
        message: `Backend '${name}' can't be used here: ${loaded.failure}.`,
        path: 'backend',
        hint: remedies[name],
      })
    }
    return { name, ...loaded, reason: 'asked for by name' }
  }
  const passedOver: string[] = []
  for (const candidate of backendNames) {
    if (candidate === 'cpu') continue
    const loaded = await load(candidate)
    if (!('failure' in loaded)) {
      const why = passedOver.length === 0 ? '' : ` (${passedOver.join('; ')})`
      return { name: candidate, ...loaded, reason: `the best that loads here${why}` }
    }
    passedOver.push(`${candidate}: ${loaded.failure}`)
  }
  throw new BenchError({
    code: 'backend-unavailable',
    message: `No backend that can train loads here: ${passedOver.join('; ')}.`,
    path: 'backend',
    hint: remedies.wasm,
  })
}
