/** `npm run test:conformance`: every backend that loads, held against tfjs' plain JavaScript one. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { backendNames, openBackend } from '../../packages/backends/src/index.ts'
import { BenchError } from '../../packages/schema/src/index.ts'
import { readCount } from '../bench/read-count.ts'
import { runTool } from '../support/run-tool.ts'
import { layerCases } from './cases.ts'
import { compareWithCpu, type GroupResult } from './compare.ts'
import { compareTraces } from './trace.ts'

const help = `Compares forward passes, gradients and ten training steps with the cpu backend.

  npm run test:conformance [-- [--backend NAME] [--every N]]

  --backend NAME  only this one; all that load otherwise, each in a process of its own
  --every N       every N-th case alone, for a GPU of software: it takes minutes for all (default: 1)
  --help          this page

Errors are the largest over all cases of a group; relative to the largest expected value of a tensor. Each
case is computed twice and must give the same bytes. Exits with 1 where a group fails or none could be tested.
`

/** Exit code of a child process whose backend can't be had on this machine. */
const unavailable = 3

function line(cells: readonly string[]): string {
  return `${cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(14))).join('')}\n`
}

function print(title: string, results: readonly GroupResult[]): void {
  process.stdout.write(`\n${title}\n\n`)
  process.stdout.write(line(['group', 'cases', 'max abs error', 'max rel error', 'ok']))
  for (const { group, cases, maxAbsoluteError, maxRelativeError, failures } of results) {
    const errors = [maxAbsoluteError, maxRelativeError].map((error) => error.toExponential(1))
    process.stdout.write(line([group, String(cases), ...errors, failures.length === 0 ? 'yes' : 'NO']))
  }
  for (const failure of results.flatMap(({ failures }) => failures)) process.stdout.write(`  ${failure}\n`)
}

async function testOne(name: string, every: number): Promise<number> {
  try {
    const backend = await openBackend(name)
    // Both TensorFlow packages call their backend the same.
    const tfjsName = backend.name === 'tensorflow-gpu' ? 'tensorflow' : backend.name
    await openBackend('cpu')
    const cases = layerCases().filter((_, i) => i % every === 0)
    const results = [...(await compareWithCpu(tfjsName, cases)), await compareTraces(tfjsName)]
    print(`${backend.name} ${backend.version} against cpu`, results)
    return results.every(({ failures }) => failures.length === 0) ? 0 : 1
  } catch (thrown) {
    if (!(thrown instanceof BenchError)) throw thrown
    process.stdout.write(`\n${name}: not tested. ${thrown.message}\n`)
    return thrown.code === 'backend-unavailable' ? unavailable : 2
  }
}

function testAll(every: number): number {
  const codes = backendNames
    .filter((name) => name !== 'cpu')
    .map((name) => {
      const script = fileURLToPath(import.meta.url)
      const args = [...process.execArgv, script, '--backend', name, '--every', String(every)]
      const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
      return status ?? 1
    })
  const tested = codes.filter((code) => code !== unavailable)
  return tested.length > 0 && tested.every((code) => code === 0) ? 0 : 1
}

await runTool(async () => {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string' },
      every: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  })
  const every = readCount('every', values.every, 1000)
  if (values.help) process.stdout.write(help)
  else process.exitCode = values.backend === undefined ? testAll(every) : await testOne(values.backend, every)
})
