import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeSafetensors, planSpec, traceSpec } from '@mate-bench/harness'
import { createModel } from '@mate-bench/nn'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

it('records what another framework needs to replay the steps', async () => {
  const out = temporaryFolder()
  const spec = tinySpec()
  await traceSpec({ spec, seed: 1, steps: 7, out, backend: 'wasm' })
  const read = (file: string) => decodeSafetensors(readFileSync(join(out, file)), file)
  const trace = JSON.parse(readFileSync(join(out, 'trace.json'), 'utf8'))
  expect(trace.steps).toHaveLength(7)
  expect(Object.keys(trace.steps[0].terms)).toEqual(expect.arrayContaining(['ce1', 'ce2', 'ce3']))
  expect(trace.steps.map(({ learningRate }: { learningRate: number }) => learningRate)).toEqual(
    Array(7).fill(0.1),
  )

  const batches = read('batches.safetensors').tensors
  expect(batches.get('step0/images')?.shape).toEqual([16, 28, 28, 1])
  expect(batches.get('step4/images')?.shape).toEqual([16, 28, 28, 1])
  expect(batches.get('step6/labels')?.data.every((label) => label >= 0 && label < 10)).toBe(true)

  const initial = read('initial.safetensors').tensors
  const final = read('final.safetensors').tensors
  expect([...final.keys()]).toEqual([...initial.keys()])
  const moved = [...initial].filter(([name, { data }]) =>
    data.some((value, i) => value !== final.get(name)?.data[i]),
  )
  expect(moved.length).toBeGreaterThan(initial.size / 2)
})

it('can be replayed: the first cross-entropies follow from the recorded weights and batch', async () => {
  const out = temporaryFolder()
  const spec = tinySpec({ method: { name: 'joint' } })
  const [first] = await traceSpec({ spec, seed: 1, steps: 1, out, backend: 'wasm' })
  const read = (file: string) => decodeSafetensors(readFileSync(join(out, file)), file).tensors
  const images = read('batches.safetensors').get('step0/images')?.data ?? new Float32Array()
  const labels = read('batches.safetensors').get('step0/labels')?.data ?? new Int32Array()

  const { network } = planSpec(spec)
  const model = createModel(network, 999)
  for (const [name, { shape, data }] of read('initial.safetensors')) {
    model.variables.get(name.slice('model/'.length))?.assign(tf.tensor(data, [...shape], 'float32'))
  }
  const outputs = model.forward(tf.tensor4d(images as Float32Array, [16, 28, 28, 1]), { training: true })
  outputs.forEach(({ logits }, k) => {
    const values = logits.dataSync()
    let crossEntropy = 0
    labels.forEach((label, i) => {
      const row = Array.from(values.subarray(i * 10, i * 10 + 10))
      crossEntropy += Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - (row[label] ?? 0)
    })
    expect(first?.terms[`ce${k + 1}`]).toBeCloseTo(crossEntropy / labels.length, 4)
  })
})
