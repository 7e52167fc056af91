/** A stepper (stepper.ts) over one of the project's backends: backend-steps.ts BACKEND NETWORK-AS-JSON THREADS. */
import { createInterface } from 'node:readline'
import { openBackend } from '../../../packages/backends/src/index.ts'
import { createStepOnNoise } from '../../../packages/harness/src/measure.ts'
import { type BenchNetwork, describeBenchNetwork } from './networks.ts'

const [backend = '', json = '', threads = '1'] = process.argv.slice(2)
const network = JSON.parse(json) as BenchNetwork
await openBackend(backend, threads === '1' ? {} : { threads: Number(threads) })
const onNoise = createStepOnNoise(describeBenchNetwork(network), network.batchSize)
for await (const line of createInterface({ input: process.stdin })) {
  const cpu: number[] = []
  const wall: number[] = []
  for (let i = 0; i < Number(line); i++) {
    const usage = process.cpuUsage()
    const began = performance.now()
    await onNoise.step()
    wall.push(performance.now() - began)
    const { user, system } = process.cpuUsage(usage)
    cpu.push((user + system) / 1000)
  }
  process.stdout.write(`${JSON.stringify({ cpu, wall })}\n`)
}
onNoise.dispose()
