import * as tf from '@tensorflow/tfjs-core'

export interface KernelShare {
  readonly kernel: string
  readonly calls: number
  readonly seconds: number
}

/**
 * Runs `work` with every kernel of the current backend wrapped in a clock, and puts the kernels back.
 *
 * Kernels of the wasm and cpu backends return when they are done, so the time within them is theirs; what is
 * left of the whole is tfjs' bookkeeping and JavaScript. On a GPU the numbers are launch times only.
 */
export async function profileKernels(work: () => Promise<void>): Promise<{
  readonly totalSeconds: number
  readonly shares: KernelShare[]
}> {
  const backend = tf.getBackend()
  const originals = tf.getKernelsForBackend(backend)
  const clocks = new Map<string, { calls: number; seconds: number }>()
  // Kernels may call one another: only the outermost is charged.
  let depth = 0
  for (const original of originals) {
    tf.unregisterKernel(original.kernelName, backend)
    tf.registerKernel({
      ...original,
      kernelFunc: (call) => {
        if (depth > 0) return original.kernelFunc(call)
        depth++
        const began = performance.now()
        try {
          return original.kernelFunc(call)
        } finally {
          depth--
          const clock = clocks.get(original.kernelName) ?? { calls: 0, seconds: 0 }
          clock.calls++
          clock.seconds += (performance.now() - began) / 1000
          clocks.set(original.kernelName, clock)
        }
      },
    })
  }
  const began = performance.now()
  try {
    await work()
  } finally {
    for (const original of originals) {
      tf.unregisterKernel(original.kernelName, backend)
      tf.registerKernel(original)
    }
  }
  const totalSeconds = (performance.now() - began) / 1000
  const shares = [...clocks].map(([kernel, clock]) => ({ kernel, ...clock }))
  return { totalSeconds, shares: shares.sort((a, b) => b.seconds - a.seconds) }
}
