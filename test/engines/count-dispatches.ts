/** Child of webgpu.test.ts: count-dispatches.ts NETWORK prints the dispatches of a training step; on any device, also on none. */
import { openBackend } from '../../packages/backends/src/index.ts'
import { createStepOnNoise } from '../../packages/harness/src/measure.ts'
import { countDispatches } from '../bench/dispatches.ts'
import { benchNetworks, describeBenchNetwork } from '../bench/steps/networks.ts'

const network = benchNetworks[process.argv[2] ?? '']
if (network === undefined) throw new Error('name a network')
await openBackend('webgpu')
const onNoise = createStepOnNoise(describeBenchNetwork(network), network.batchSize)
await onNoise.step()
process.stdout.write(`${await countDispatches(() => onNoise.step())}\n`)
process.exit(0)
