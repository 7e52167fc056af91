/** `npm run bench:train`: how fast a training step is, and where its time goes. */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { backendNames, openBackend } from '../../packages/backends/src/index.ts'
import { type BackendChoice, chooseBackend } from '../../packages/harness/src/choose-backend.ts'
import { createStepOnNoise, measureTrainingStep } from '../../packages/harness/src/measure.ts'
import { BenchError } from '../../packages/schema/src/index.ts'
import { runTool } from '../support/run-tool.ts'
import { countDispatches } from './dispatches.ts'
import { profileKernels } from './profile.ts'
import { readCount } from './read-count.ts'
import { formatTimings, timeInTurn } from './steps/in-turn.ts'
import { type BenchNetwork, benchNetworks, describeBenchNetwork } from './steps/networks.ts'
import { Stepper } from './steps/stepper.ts'

const help = `Measures training steps of a ResNet with a classifier after each stage (SGD, joint loss).

  npm run bench:train -- [--backend auto] [--against BACKEND] [--network w16] [--steps 10] [--batch N] [--width N]
                         [--threads 1] [--json]

  --backend NAME     auto, ${backendNames.join(', ')}
  --against BACKEND  times another backend too, in turn with the first, each in a process of its own, and prints the ratio
  --network NAME     ${Object.keys(benchNetworks).join(', ')}
  --steps N          measured steps, after two to warm up
  --batch N          images a step (default: the network's)
  --width N          channels of the first stage (default: the network's)
  --threads N        threads of a native backend
  --json             one JSON object instead of text
  --help             this page

GFLOP/s counts a step as three forward passes of all exits, 2 FLOPs a multiply-accumulate. The step that is
quoted is the fastest one. Shares are measured apart, with a clock around each kernel of the backend.
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string', default: 'auto' },
      against: { type: 'string' },
      network: { type: 'string', default: 'w16' },
      steps: { type: 'string', default: '10' },
      batch: { type: 'string' },
      width: { type: 'string' },
      threads: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const steps = readCount('steps', values.steps, 10_000)
  const threads = readCount('threads', values.threads, 256)
  const named = benchNetworks[values.network]
  if (!named) {
    throw new BenchError({
      code: 'bad-input',
      message: `There is no network '${values.network}'; there are ${Object.keys(benchNetworks).join(', ')}.`,
      path: '--network',
    })
  }
  const chosen = {
    ...named,
    batchSize: values.batch === undefined ? named.batchSize : readCount('batch', values.batch, 4096),
    width: values.width === undefined ? named.width : readCount('width', values.width, 1024),
  }
  const { batchSize, width } = chosen
  const settings = threads === 1 ? {} : { threads }
  const { name, reason } = await chooseBackend(values.backend as BackendChoice, { settings })
  if (values.against !== undefined) {
    await compare(chosen, [name, values.against], { steps, threads, json: values.json })
    return
  }
  const network = describeBenchNetwork(chosen)
  const backend = await openBackend(name, settings)
  const measured = await measureTrainingStep({ network, batchSize, steps })
  const onNoise = createStepOnNoise(network, batchSize)
  for (let i = 0; i < 2; i++) await onNoise.step()
  const cpuSecondsPerStep = await leastCpuSeconds(() => onNoise.step(), steps)
  const profile = await profileKernels(async () => {
    for (let i = 0; i < Math.min(5, steps); i++) await onNoise.step()
  })
  const dispatches = await countDispatches(() => onNoise.step())
  onNoise.dispose()
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ backend, batchSize, width, ...measured, cpuSecondsPerStep, dispatches, profile })}\n`,
    )
    return
  }
  const rest = profile.totalSeconds - profile.shares.reduce((sum, { seconds }) => sum + seconds, 0)
  const rows = [...profile.shares, { kernel: 'tfjs and JavaScript', calls: 0, seconds: rest }]
  const percent = (seconds: number) => `${((100 * seconds) / profile.totalSeconds).toFixed(1).padStart(5)} %`
  process.stdout.write(
    [
      `backend   ${backend.name} ${backend.version}, ${backend.threads || 'library-chosen'} thread(s); ${reason}`,
      `network   ResNet-${chosen.depth}, width ${width}, ${chosen.stages} exits, ${(measured.forwardFlops / 1e6).toFixed(1)} MFLOPs forward an image, batch ${batchSize}`,
      `step      ${(1000 * measured.secondsPerStep).toFixed(1)} ms fastest, ${(1000 * measured.medianSecondsPerStep).toFixed(1)} ms median of ${steps}`,
      `processor ${(1000 * cpuSecondsPerStep).toFixed(1)} ms a step, the least${dispatches === undefined ? '' : `; ${dispatches} dispatches to ${backend.gpu}`}`,
      `speed     ${rate(measured.imagesPerSecond, 0)} img/s, ${rate(measured.gflopPerSecond, 1)} GFLOP/s (3 x forward)`,
      '',
      ...rows
        .filter(({ seconds }) => seconds / profile.totalSeconds > 0.002)
        .map(
          ({ kernel, calls, seconds }) =>
            `${percent(seconds)}  ${String(calls || '').padStart(5)}  ${kernel}`,
        ),
      '',
    ].join('\n'),
  )
}

/** With so many digits behind the point, but no rate as zero: a GPU of software trains an image in seconds. */
function rate(value: number, digits: number): string {
  return value < 1 ? value.toPrecision(2) : value.toFixed(digits)
}

/** What a step takes of the processor: on a GPU that of JavaScript and the driver, which no GPU is faster than. */
async function leastCpuSeconds(step: () => Promise<void>, steps: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < steps; i++) {
    const before = process.cpuUsage()
    await step()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1e6)
  }
  return least
}

/** Both in turn, a turn being a few steps: whatever else the machine does meets both alike. */
async function compare(
  network: BenchNetwork,
  names: readonly string[],
  { steps, threads, json }: { readonly steps: number; readonly threads: number; readonly json: boolean },
): Promise<void> {
  const script = fileURLToPath(new URL('steps/backend-steps.ts', import.meta.url))
  const steppers = names.map((name) => {
    const own = name === 'wasm' || name === 'cpu' ? '1' : String(threads)
    return new Stepper(name, process.execPath, [
      '--import',
      'tsx',
      script,
      name,
      JSON.stringify(network),
      own,
    ])
  })
  try {
    const timings = await timeInTurn(steppers, { rounds: steps, stepsPerTurn: 1 })
    if (json) process.stdout.write(`${JSON.stringify({ network, threads, timings })}\n`)
    else
      process.stdout.write(
        `${network.title}: width ${network.width}, batch ${network.batchSize}, ${threads} thread(s), ${steps} steps in turn\n${formatTimings(timings)}\n`,
      )
  } finally {
    await Promise.all(steppers.map((stepper) => stepper.close()))
  }
}

await runTool(main)
