import { BenchError, didYouMean } from '@mate-bench/schema'
import { type BackendName, backendNames, type LoadedBackend, type OpenBackend } from './backend.ts'
import { loadCpu } from './load-cpu.ts'
import { loadNative } from './load-native.ts'
import { loadTensorflow } from './load-tensorflow.ts'
import { loadWasm } from './load-wasm.ts'
import { loadWebgpu } from './load-webgpu.ts'
import { type BackendSettings, requireSettings } from './settings.ts'

const loaders: Record<BackendName, (settings: BackendSettings) => Promise<LoadedBackend>> = {
  'tensorflow-gpu': (settings) => loadTensorflow('@tensorflow/tfjs-node-gpu', settings),
  webgpu: loadWebgpu,
  native: loadNative,
  tensorflow: (settings) => loadTensorflow('@tensorflow/tfjs-node', settings),
  wasm: () => loadWasm(),
  cpu: loadCpu,
}

const remedies: Record<BackendName, string> = {
  'tensorflow-gpu':
    'On a machine with an NVIDIA GPU and its driver: `mate-bench engine add tensorflow-gpu`, or use the GPU image.',
  webgpu: 'Run `mate-bench engine add webgpu`, or use `--backend wasm`.',
  native: 'Run `mate-bench engine add onednn`, or use `--backend wasm`.',
  tensorflow: 'Run `mate-bench engine add tensorflow`, or use `--backend wasm`.',
  wasm: 'Run `npm ci` again: the package @tensorflow/tfjs-backend-wasm belongs to the project.',
  cpu: 'Run `npm ci` again: the package @tensorflow/tfjs-backend-cpu belongs to the project.',
}

/** Two libraries under one name in tfjs. */
const twins: Readonly<Partial<Record<BackendName, BackendName>>> = {
  tensorflow: 'tensorflow-gpu',
  'tensorflow-gpu': 'tensorflow',
}

/** What a native library was started with, or why it did not start: it is loaded once in the life of a process. */
const started = new Map<BackendName, { settings: string; failure?: string }>()

export function isBackendName(name: string): name is BackendName {
  return (backendNames as readonly string[]).includes(name)
}

/** First line of whatever was thrown, in words that a reader of `doctor` understands. */
function reasonFromUnknown(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const missing =
    /Cannot find (?:package|module) '([^']+)'/.exec(message) ?? /Failed to load url (\S+)/.exec(message)
  if (missing?.[1]?.startsWith('@tensorflow/')) return 'its engine is not installed'
  return message.split('\n')[0]?.trim() ?? 'unknown reason'
}

/**
 * Makes a tfjs backend the current one, complete for training. A backend is opened or refused: nothing falls back in silence.
 *
 * @throws BenchError `backend-unavailable` with the reason and what to install, `bad-input` for an unknown name or a setting
 *   that the backend does not have, `conflict` where its library runs in this process with other settings
 */
export async function openBackend(
  name: BackendName | (string & {}),
  settings: BackendSettings = {},
): Promise<OpenBackend> {
  if (!isBackendName(name)) {
    throw new BenchError({
      code: 'bad-input',
      message: `There is no backend called '${name}'; there are ${backendNames.join(', ')}.`,
      path: 'backend',
      hint: didYouMean(name, [...backendNames]),
    })
  }
  requireSettings(name, settings)
  const asked = JSON.stringify(
    Object.entries(settings)
      .filter(([, value]) => value !== undefined)
      .sort(),
  )
  const before = started.get(name)
  if (before?.failure !== undefined) throw unavailable(name, before.failure)
  const twin = twins[name]
  if (twin !== undefined && started.get(twin)?.failure === undefined && started.has(twin)) {
    throw new BenchError({
      code: 'conflict',
      message: `Backend '${twin}' runs in this process, and '${name}' needs one of its own.`,
      path: 'backend',
      hint: 'Use a process for each.',
    })
  }
  const readsThemOnce = name !== 'wasm' && name !== 'cpu' && name !== 'webgpu'
  if (readsThemOnce && before !== undefined && before.settings !== asked) {
    throw new BenchError({
      code: 'conflict',
      message: `Backend '${name}' runs in this process with other settings, and its library reads them once.`,
      path: 'backend',
      hint: 'Use a process of its own for each setting.',
    })
  }
  try {
    const loaded = await loaders[name](settings)
    started.set(name, { settings: asked })
    return { name, ...loaded }
  } catch (thrown) {
    if (thrown instanceof BenchError) throw thrown
    const failure = reasonFromUnknown(thrown)
    started.set(name, { settings: asked, failure })
    throw unavailable(name, failure)
  }
}

function unavailable(name: BackendName, reason: string): BenchError {
  return new BenchError({
    code: 'backend-unavailable',
    message: `Backend '${name}' can't be used here: ${reason}.`,
    path: 'backend',
    hint: remedies[name],
  })
}
