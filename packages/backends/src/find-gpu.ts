import { execFileSync } from 'node:child_process'

export interface Gpu {
  readonly name: string
  /** Version of the NVIDIA driver; absent where it does not say. */
  readonly driver?: string
}

/** What the driver says of the GPU that TensorFlow uses: of several tfjs-node-gpu takes the last. */
export function findGpu(): Gpu {
  try {
    const lines = execFileSync('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [name, driver] = (lines.trim().split('\n').at(-1) ?? '').split(',').map((part) => part.trim())
    if (!name) return unnamed
    return driver ? { name, driver } : { name }
  } catch {
    return unnamed
  }
}

/** TensorFlow computes on it all the same; images without the driver's tools cannot ask. */
const unnamed: Gpu = { name: 'an NVIDIA GPU' }
