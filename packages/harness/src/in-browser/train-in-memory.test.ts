import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openBackend } from '@mate-bench/backends'
import {
  createBatchPreparer,
  fashionMnistMini,
  type OpenDataset,
  openRecords,
} from '@mate-bench/datasets/in-memory'
import { miniFiles } from '@mate-bench/datasets/mini-files'
import { digestBytes } from '@mate-bench/provenance'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import { decodePredictions } from '../predictions-file.ts'
import { readManifest } from '../read-manifest.ts'
import { runSpec } from '../run.ts'
import { runFiles } from '../run-files.ts'
import type { Spec } from '../spec.ts'
import { answerExitByExit, openPublishedNetwork } from './published-network.ts'
import { trainInMemory } from './train-in-memory.ts'

/** The dataset as a page has it: from bytes. */
function openMini(spec: Spec): OpenDataset {
  const contents = fashionMnistMini.files.flatMap(({ name, members }) => {
    const bytes = new Uint8Array(gunzipSync(readFileSync(miniFiles[name] ?? '')))
    return members.map((member): [string, Uint8Array] => [member.name, bytes])
  })
  const hash = (bytes: Uint8Array) => digestBytes(bytes).replace('sha256:', '')
  return openRecords(fashionMnistMini, spec.dataset, new Map(contents), hash)
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('what a page trains', () => {
  const spec = tinySpec({
    evaluation: { checkpoint: { name: 'best-validation' }, protocols: ['anytime'] },
    seeds: [1],
  })

  it('is what `mate-bench run` trains, number for number; and its page answers as the run published', async () => {
    const { folder } = await runSpec({ spec, seed: 1, out: temporaryFolder(), backend: 'wasm' })
    const { manifest } = readManifest(folder)
    const rows = readFileSync(join(folder, runFiles.metrics), 'utf8').trim().split('\n')
    const stated = rows.map((row) => JSON.parse(row))
    const dataset = openMini(spec)
    const losses: number[] = []
    const validation: number[][] = []
    const { testTop1, judgedEpoch } = await trainInMemory({
      spec,
      seed: 1,
      dataset,
      nextTurn,
      onEvent: (event) => {
        if (event.type !== 'epoch') return
        losses.push(event.loss)
        validation.push(event.validationTop1)
      },
    })
    expect(losses).toEqual(stated.map(({ loss }) => loss))
    expect(validation).toEqual(stated.map((row) => row.validation.map(({ top1 }: { top1: number }) => top1)))
    expect(testTop1).toEqual(manifest.results.exits.map(({ top1 }) => top1))
    expect(judgedEpoch).toBe(manifest.training.judgedEpoch)

    const weights = new Uint8Array(readFileSync(join(folder, runFiles.model)))
    const sha256 = manifest.artifacts.find(({ role }) => role === 'model')?.sha256 ?? ''
    const network = openPublishedNetwork(spec, weights, sha256)
    const before = tf.memory().numTensors
    const file = readFileSync(join(folder, runFiles.predictions))
    const { table } = await decodePredictions(new Uint8Array(file), 'predictions')
    const answers: unknown[] = []
    const prepare = createBatchPreparer({ ...dataset, set: dataset.testSet })
    const { images } = prepare(Uint32Array.of(7), 0)
    for await (const { predicted, confidence } of answerExitByExit(network, images))
      answers.push({ predicted, confidence: Number(confidence.toFixed(5)) })
    expect(answers).toEqual(
      table.exits.map(({ predicted, confidence }) => ({
        predicted: predicted[7],
        confidence: Number(confidence[7]?.toFixed(5)),
      })),
    )
    expect(tf.memory().numTensors).toBe(before)
    network.dispose()

    const damaged = weights.slice()
    damaged[weights.length - 1] = (weights.at(-1) ?? 0) ^ 1
    expect(() => openPublishedNetwork(spec, damaged, sha256)).toThrow(/not those of the run/)
  })

  it('stops after the step, and leaves no tensor behind', async () => {
    await openBackend('wasm')
    const before = tf.memory().numTensors
    const stop = new AbortController()
    let steps = 0
    const training = trainInMemory({
      spec,
      seed: 1,
      dataset: openMini(spec),
      nextTurn,
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === 'step' && ++steps === 2) stop.abort()
      },
    })
    await expect(training).rejects.toMatchObject({ code: 'interrupted' })
    expect(steps).toBe(2)
    expect(tf.memory().numTensors).toBe(before)
  })
})
