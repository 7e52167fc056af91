import { type BackendName, type OpenBackend, openBackend } from '@mate-bench/backends'
import { describeNetwork } from '@mate-bench/nn'
import { benchErrorFromUnknown } from '@mate-bench/schema'
import type { BackendTrial } from './doctor.ts'
import { measureTrainingStep } from './measure.ts'

/** A ResNet-8 with three exits on 28x28 images: as large as the quickstart, small enough for a second or two. */
function trialNetwork() {
  return describeNetwork(
    {
      backbone: {
        name: 'resnet',
        depth: 8,
        width: 16,
        stem: 'cifar',
        batchNorm: { momentum: 0.1, epsilon: 1e-5 },
      },
      exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
      head: { name: 'linear' },
    },
    { inputShape: [28, 28, 1], classes: 10 },
  )
}

/** Plain JavaScript and a GPU of software are far slower: they get less to do. */
function trialSize({ name, adapter }: OpenBackend): { batchSize: number; steps: number } {
  if (name === 'cpu') return { batchSize: 2, steps: 1 }
  return adapter?.software ? { batchSize: 8, steps: 1 } : { batchSize: 64, steps: 5 }
}

/** The child's side of a backend's trial: opens it, measures a training step, tells, ends. */
export function serveBackendTrial(): void {
  process.once('message', async (name: BackendName) => {
    const trial = await tryBackend(name)
    process.send?.(trial)
    process.disconnect()
  })
}

async function tryBackend(name: BackendName): Promise<BackendTrial> {
  try {
    const backend = await openBackend(name)
    const { version, libraries, threads, gpu, adapter } = backend
    const size = trialSize(backend)
    const { secondsPerStep, imagesPerSecond, gflopPerSecond } = await measureTrainingStep({
      network: trialNetwork(),
      ...size,
    })
    return {
      name,
      loads: true,
      version,
      libraries,
      threads,
      ...(gpu === undefined ? {} : { gpu }),
      ...(adapter?.software ? { software: true } : {}),
      batchSize: size.batchSize,
      secondsPerStep,
      imagesPerSecond,
      gflopPerSecond,
    }
  } catch (thrown) {
    const { message, hint } = benchErrorFromUnknown(thrown)
    return { name, loads: false, reason: message, ...(hint === undefined ? {} : { hint }) }
  }
}
