/** `npm run bench:peers`: a training step here, in PyTorch and in JAX, in turn on the same machine. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { backendIdentity, backendNames } from '../../packages/backends/src/index.ts'
import { BenchError } from '../../packages/schema/src/index.ts'
import { runTool } from '../support/run-tool.ts'
import { readCount } from './read-count.ts'
import { formatTimings, timeInTurn } from './steps/in-turn.ts'
import { type BenchNetwork, benchNetworks } from './steps/networks.ts'
import { Stepper } from './steps/stepper.ts'

const torchVersion = '2.5.1'
const jaxVersion = '0.4.38'

const help = `Times a training step on every CPU backend that is installed, in PyTorch ${torchVersion} (eager, channels last) and in
JAX ${jaxVersion} (compiled), one thread each, in turn in one run; prints CPU milliseconds and ratios to PyTorch.

  npm run bench:peers -- [--networks w16,w32,resnet18] [--rounds 5] [--threads 1] [--python PATH] [--no-jax]

  --networks LIST  of ${Object.keys(benchNetworks).join(', ')}
  --rounds N       how often each gets its turn
  --threads N      threads of each; wasm and JAX stay with one
  --python PATH    a Python that has torch (and jax); otherwise a virtual environment is made once, with pip, in
                   ~/.cache/mate-bench/peers (on Linux x64 PyPI has torch with CUDA alone: 2.5 GB to download, 5.2 GB on disk)
  --no-jax         without JAX
  --help           this page
`

/** The Python of the benchmark's own virtual environment, made and filled where it is not there. */
function preparePython(withJax: boolean): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mate-bench', 'peers')
  const python = join(folder, 'bin', 'python')
  const packages = [`torch==${torchVersion}`, 'numpy', ...(withJax ? [`jax[cpu]==${jaxVersion}`] : [])]
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
    const say = ['-m', 'pip', 'install', '--no-cache-dir', '--disable-pip-version-check', '--quiet']
    execFileSync(python, [...say, ...packages], { stdio: 'inherit' })
    return python
  } catch (thrown) {
    throw new BenchError({
      code: 'offline',
      message: `pip could not install ${packages.join(', ')} into ${folder}.`,
      path: folder,
      hint: 'Check the index, the room on disk and that python3 has venv; or name a Python that has them with --python.',
      cause: thrown,
    })
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      networks: { type: 'string', default: 'w16,w32,resnet18' },
      rounds: { type: 'string', default: '5' },
      threads: { type: 'string', default: '1' },
      python: { type: 'string' },
      'no-jax': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const rounds = readCount('rounds', values.rounds, 1000)
  const threads = readCount('threads', values.threads, 256)
  const networks = values.networks.split(',').map((name) => {
    const network = benchNetworks[name]
    if (network) return network
    throw new BenchError({
      code: 'bad-input',
      message: `There is no network '${name}'; there are ${Object.keys(benchNetworks).join(', ')}.`,
      path: '--networks',
    })
  })
  const python = values.python ?? preparePython(!values['no-jax'])
  for (const network of networks) {
    const steppers = startAll(network, { python, threads, withJax: !values['no-jax'] })
    try {
      const large = network.width * network.depth > 500
      const timings = await timeInTurn(steppers, { rounds, stepsPerTurn: large ? 1 : 5 })
      process.stdout.write(`\n${network.title}, batch ${network.batchSize}, ${threads} thread(s)\n`)
      process.stdout.write(`${formatTimings(timings)}\n`)
    } finally {
      await Promise.all(steppers.map((stepper) => stepper.close()))
    }
  }
}

function startAll(
  network: BenchNetwork,
  {
    python,
    threads,
    withJax,
  }: { readonly python: string; readonly threads: number; readonly withJax: boolean },
): Stepper[] {
  const script = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const json = JSON.stringify(network)
  const backends = backendNames.filter(
    (name) => name !== 'cpu' && name !== 'tensorflow-gpu' && backendIdentity(name) !== undefined,
  )
  const alone = { OMP_NUM_THREADS: String(threads) }
  const oneThread = { XLA_FLAGS: '--xla_cpu_multi_thread_eigen=false', NPROC: '1', JAX_PLATFORMS: 'cpu' }
  return [
    ...backends.toReversed().map((name) => {
      const own = name === 'wasm' ? '1' : String(threads)
      const args = ['--import', 'tsx', script('steps/backend-steps.ts'), name, json, own]
      return new Stepper(name, process.execPath, args)
    }),
    ...(withJax ? [new Stepper('JAX', python, [script('peers/jax_steps.py'), json], oneThread)] : []),
    new Stepper('PyTorch', python, [script('peers/torch_steps.py'), json, String(threads)], alone),
  ]
}

await runTool(main)
