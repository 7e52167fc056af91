/** `npm run bench:train`: how fast a training step is, and where its time goes. */
import { parseArgs } from 'node:util'
import { openBackend } from '../../packages/backends/src/index.ts'
import { type BackendChoice, chooseBackend } from '../../packages/harness/src/choose-backend.ts'
import { createStepOnNoise, measureTrainingStep } from '../../packages/harness/src/measure.ts'
import { backboneOptions, describeNetwork, headOptions } from '../../packages/nn/src/describe/index.ts'
import { runTool } from '../support/run-tool.ts'
import { profileKernels } from './profile.ts'
import { readCount } from './read-count.ts'

const help = `Measures training steps of a ResNet-8 with three exits (28 x 28 x 1, SGD, joint loss).

  npm run bench:train -- [--backend auto] [--steps 10] [--batch 64] [--width 16] [--json]

  --backend NAME  auto, tensorflow-gpu, tensorflow, wasm or cpu
  --steps N       measured steps, after two to warm up
  --batch N       images a step
  --width N       channels of the first stage
  --json          one JSON object instead of text
  --help          this page

GFLOP/s counts a step as three forward passes of all exits, 2 FLOPs a multiply-accumulate. The step that is
quoted is the fastest one. Shares are measured apart, with a clock around each kernel of the backend.
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string', default: 'auto' },
      steps: { type: 'string', default: '10' },
      batch: { type: 'string', default: '64' },
      width: { type: 'string', default: '16' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const steps = readCount('steps', values.steps, 10_000)
  const batchSize = readCount('batch', values.batch, 4096)
  const width = readCount('width', values.width, 1024)
  const network = describeNetwork(
    {
      backbone: backboneOptions.parse({ name: 'resnet', depth: 8, width }),
      exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
      head: headOptions.parse({ name: 'linear' }),
    },
    { inputShape: [28, 28, 1], classes: 10 },
  )
  const { name, reason } = await chooseBackend(values.backend as BackendChoice)
  const backend = await openBackend(name)
  const measured = await measureTrainingStep({ network, batchSize, steps })
  const onNoise = createStepOnNoise(network, batchSize)
  for (let i = 0; i < 2; i++) await onNoise.step()
  const profile = await profileKernels(async () => {
    for (let i = 0; i < Math.min(5, steps); i++) await onNoise.step()
  })
  onNoise.dispose()
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ backend, batchSize, width, ...measured, profile })}\n`)
    return
  }
  const rest = profile.totalSeconds - profile.shares.reduce((sum, { seconds }) => sum + seconds, 0)
  const rows = [...profile.shares, { kernel: 'tfjs and JavaScript', calls: 0, seconds: rest }]
  const percent = (seconds: number) => `${((100 * seconds) / profile.totalSeconds).toFixed(1).padStart(5)} %`
  process.stdout.write(
    [
      `backend   ${backend.name} ${backend.version}, ${backend.threads || 'library-chosen'} thread(s); ${reason}`,
      `network   ResNet-8, width ${width}, 3 exits, ${(measured.forwardFlops / 1e6).toFixed(1)} MFLOPs forward an image, batch ${batchSize}`,
      `step      ${(1000 * measured.secondsPerStep).toFixed(1)} ms fastest, ${(1000 * measured.medianSecondsPerStep).toFixed(1)} ms median of ${steps}`,
      `speed     ${measured.imagesPerSecond.toFixed(0)} img/s, ${measured.gflopPerSecond.toFixed(1)} GFLOP/s (3 x forward)`,
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

await runTool(main)
