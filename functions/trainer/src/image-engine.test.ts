import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { loadProblem } from './image-engine.ts'

const onLinux = it.skipIf(process.platform !== 'linux')

onLinux(
  'loads a library that is no addon for Node, and says what the loader says of one that is not there',
  () => {
    expect(loadProblem('libm.so.6')).toBeUndefined()
    expect(loadProblem('/nowhere/libcudart.so.12')).toMatch(
      /^\/nowhere\/libcudart\.so\.12: cannot open shared object/,
    )
  },
)

const check = (kind: string, engines: string) =>
  spawnSync(process.execPath, [fileURLToPath(new URL('../bin/check-libraries.js', import.meta.url)), kind], {
    encoding: 'utf8',
    env: { ...process.env, MATE_BENCH_ENGINES: engines },
  })

it('ends with 1 where the engine is not installed, and where there is no such kind', () => {
  const engines = temporaryEngines()
  expect(check('gpu', engines)).toMatchObject({ status: 1, stderr: 'tensorflow-gpu is not installed.\n' })
  expect(check('tpu', engines)).toMatchObject({ status: 1, stderr: expect.stringContaining("not 'tpu'") })
})

onLinux('names each library of CUDA and cuDNN that TensorFlow would only warn of', () => {
  const engines = temporaryEngines()
  const id = '2.18.1-linux-x64-00000000'
  const folder = join(engines, 'tensorflow-gpu', id)
  mkdirSync(join(folder, 'addon'), { recursive: true })
  writeFileSync(join(engines, 'tensorflow-gpu/current.json'), JSON.stringify({ id }))
  const manifest = { schemaVersion: 1, name: 'tensorflow-gpu', id, version: '2.18.1', platform: 'linux-x64' }
  writeFileSync(
    join(folder, 'engine.json'),
    JSON.stringify({ ...manifest, libraries: {}, installedAt: 'now' }),
  )
  const { status, stderr } = check('gpu', engines)
  expect(status).toBe(1)
  const missing = [...stderr.matchAll(/lib\/(\S+): cannot open shared object/g)].map(([, name]) => name)
  expect(missing).toEqual([
    'libcudart.so.12',
    'libcublas.so.12',
    'libcublasLt.so.12',
    'libcufft.so.11',
    'libcusolver.so.11',
    'libcusparse.so.12',
    'libcudnn.so.9',
    'libcudnn_graph.so.9',
    'libcudnn_ops.so.9',
    'libcudnn_cnn.so.9',
    'libcudnn_adv.so.9',
    'libcudnn_heuristic.so.9',
    'libcudnn_engines_precompiled.so.9',
    'libcudnn_engines_runtime_compiled.so.9',
    'libnvrtc.so.12',
  ])
  expect(stderr).toContain('addon/tfjs_binding.node: cannot open shared object')
})

function temporaryEngines(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-engines-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
