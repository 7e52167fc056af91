/**
 * The ladder of forgeries: runs that somebody changed and sealed again with the project's own code, so that every digest
 * and every recomputed number agrees. Each is refused by the check that sees through it, and by no accident of another.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatManifest, loadRuns, readManifest, runSpec } from '@mate-bench/harness'
import { describeArtifacts, sealManifest } from '@mate-bench/harness/manifest'
import { newKey, signRun } from '@mate-bench/harness/signing'
import { relateRuns, relationCheck, verifyRun } from '@mate-bench/harness/verify'
import { methodOptions } from '@mate-bench/methods'
import {
  createRandom,
  type ExitPredictions,
  type PredictionTable,
  predictionsFromLogits,
} from '@mate-bench/stats'
import { importCheck } from '@mate-bench/worker'
import { beforeAll, describe, expect, it } from 'vitest'
import { asSeed, type Forgery, forgeRun } from '../support/forge-run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

let honest: string
let anotherSeed: string
let anotherMethod: string

beforeAll(async () => {
  const out = temporaryFolder()
  const train = async (seed: number, method: string) =>
    (await runSpec({ spec: tinySpec({ method: { name: method } }), seed, out, backend: 'wasm' })).folder
  honest = await train(1, 'mate')
  anotherSeed = await train(2, 'mate')
  anotherMethod = await train(1, 'joint')
})

/** Names of the checks that refuse a folder. */
async function refusing(folder: string, full = false): Promise<string[]> {
  return (await verifyRun(folder, { full })).checks.filter(({ ok }) => !ok).map(({ name }) => name)
}

const classifiers = ({ exits, ensemble }: PredictionTable): ExitPredictions[] => [...exits, ensemble]

/** What a network would say that is sure of these classes. */
function sureOf(labels: Int32Array, classes: number, exits: number): PredictionTable {
  const random = createRandom(3, 'forgery')
  const logits = Array.from({ length: exits }, () =>
    Float32Array.from({ length: labels.length * classes }, (_, i) =>
      i % classes === labels[Math.floor(i / classes)] ? 6 + random.uniform() : random.uniform(),
    ),
  )
  return predictionsFromLogits(logits, labels, classes)
}

const onTest = 'weights on the test images'
const onValidation = 'weights on the validation images'

const ladder: [string, (run: Forgery) => void, string[]][] = [
  [
    'labels that are overwritten by the predictions',
    ({ test }) => {
      test.table = sureOf(test.table.exits[2]?.predicted ?? new Int32Array(), 10, 3)
    },
    ['test labels'],
  ],
  [
    'ranks of zero beside wrong classes',
    ({ test }) => classifiers(test.table).map(({ labelRank }) => labelRank.fill(0)),
    ['predictions.parquet columns'],
  ],
  [
    'invented perfect predictions',
    ({ test }) => {
      test.table = sureOf(test.table.labels, 10, 3)
    },
    [onTest],
  ],
  [
    'a label that comes second wherever it is not first',
    ({ test }) => {
      for (const { labelRank } of classifiers(test.table)) {
        labelRank.forEach((rank, i) => {
          labelRank[i] = Math.min(rank, 1)
        })
      }
    },
    ['predictions.parquet columns'],
  ],
  [
    'weights that are all zero',
    ({ tensors }) => {
      for (const [name, { shape, data }] of tensors)
        tensors.set(name, { shape, data: new Float32Array(data.length) })
    },
    [onTest, onValidation],
  ],
  [
    'an invented number of steps',
    ({ manifest }) => {
      manifest.training.steps += 1
    },
    ['epochs and steps'],
  ],
  [
    'an invented judged epoch',
    ({ manifest }) => {
      manifest.training.judgedEpoch = 2
    },
    ['judged epoch'],
  ],
  [
    'no learning curve',
    ({ metrics }) => {
      metrics.length = 0
    },
    ['metrics.jsonl rows'],
  ],
  [
    'no log',
    ({ log }) => {
      log.length = 0
    },
    ['log.jsonl rows'],
  ],
  [
    'accuracies that so many images cannot have',
    ({ metrics }) => {
      metrics[0].validation[0].top1 += 0.001
    },
    ['metrics.jsonl rows'],
  ],
  [
    'learning rates of another schedule',
    ({ metrics }) => {
      metrics[2].learningRate.last *= 2
    },
    ['metrics.jsonl rows'],
  ],
  [
    'another split as validation predictions',
    ({ validation }) => {
      validation.indices = validation.indices.map((index) => index + 1)
    },
    ['validation-predictions.parquet rows'],
  ],
  [
    'rows in another order',
    ({ test }) => {
      test.indices = test.indices.slice().reverse()
    },
    ['predictions.parquet rows'],
  ],
  [
    'cheaper costs',
    ({ manifest }) => {
      for (const exit of manifest.model.exits) exit.isolatedMacs -= 1000
    },
    ['costs and parameters'],
  ],
  [
    'fewer images to train on',
    ({ manifest }) => {
      manifest.track.splits.train.count -= 1
    },
    ['track digest', 'split sizes', 'splits and data against the dataset', 'metrics.jsonl rows'],
  ],
  [
    'a normalisation of its own',
    ({ manifest }) => {
      manifest.track.preprocessing.mean = [0.5]
    },
    ['track digest', 'normalisation', 'splits and data against the dataset'],
  ],
  [
    'other data under the name of the dataset',
    ({ manifest }) => {
      manifest.data.files[0].sha256 = '0'.repeat(64)
    },
    ['data files', 'splits and data against the dataset'],
  ],
  [
    'parameters that the method does not add',
    ({ manifest }) => {
      manifest.training.trainingOnlyParameters = 0
    },
    ['training-only parameters'],
  ],
  [
    'WebAssembly that sums in another order every time',
    ({ manifest }) => {
      manifest.deterministic = false
    },
    ['deterministic'],
  ],
  [
    'more images a second than there was time for',
    ({ manifest }) => {
      manifest.timing.trainImagesPerSecond = 1
    },
    ['times'],
  ],
]

describe('a forged run', () => {
  it('is not what the honest ones are', async () => {
    for (const folder of [honest, anotherSeed, anotherMethod])
      expect(await refusing(folder, true)).toEqual([])
    expect(await refusing(await forgeRun(honest, () => {}))).toEqual([])
  })

  it.each(ladder)('with %s is refused', async (_, forge, expected) => {
    expect(await refusing(await forgeRun(honest, forge))).toEqual(expected)
  })

  it('with confidences that are not numbers is refused at once, naming the image', async () => {
    const noNumbers = ({ test }: Forgery) => {
      for (const { confidence } of classifiers(test.table)) confidence.fill(Number.NaN, 7)
    }
    const { checks } = await verifyRun(await forgeRun(honest, noNumbers, { keepResults: true }))
    const failed = checks.filter(({ ok }) => !ok)
    expect(failed.map(({ name }) => name)).toEqual(['predictions.parquet columns'])
    expect(failed[0]?.detail).toMatch(/^image 7, exit 1: the confidence is NaN/)
  })

  it.each([
    ['another seed', () => anotherSeed],
    ['another method', () => anotherMethod],
  ])('with the predictions of %s is refused', async (_, folderOf) => {
    const other = await loadRuns([folderOf()])
    const swap = ({ test }: Forgery) => {
      test.table = other[0]?.predictions.table ?? test.table
    }
    expect(await refusing(await forgeRun(honest, swap))).toEqual([onTest])
  })

  it('with one better prediction among honest ones is refused when every image is run', async () => {
    const improve = ({ test: { table } }: Forgery) => {
      const image = table.exits[2]?.labelRank.findIndex((rank) => rank > 0) ?? 0
      const label = table.labels[image] as number
      const sure = sureOf(Int32Array.of(label), 10, 3)
      classifiers(table).forEach((classifier, i) => {
        for (const [name, column] of Object.entries(classifier)) {
          column[image] = Reflect.get(classifiers(sure)[i] ?? {}, name)[0]
        }
      })
    }
    expect(await refusing(await forgeRun(honest, improve), true)).toEqual([onTest])
  })

  it('that claims another method is refused by what that method adds and minimises', async () => {
    const claim = ({ manifest }: Forgery) => {
      manifest.spec.method = methodOptions.parse({ name: 'eed' })
      manifest.results.attention = undefined
    }
    expect(await refusing(await forgeRun(honest, claim))).toEqual([
      'costs and parameters',
      'judged epoch',
      'training-only parameters',
      'terms of the loss',
    ])
  })

  it('that claims 500 epochs is refused by its learning curve', async () => {
    const claim = ({ manifest, log }: Forgery) => {
      manifest.spec.training.epochs = 500
      manifest.training.epochs = 500
      manifest.training.steps = (manifest.training.steps / 3) * 500
      for (const row of log) if (row.type === 'started') row.epochs = 500
    }
    expect(await refusing(await forgeRun(honest, claim))).toEqual(['metrics.jsonl rows', 'times'])
  })

  it('whose spec.json is not the spec of its manifest is refused', async () => {
    const folder = await forgeRun(honest, () => {})
    const path = join(folder, 'spec.json')
    const spec = { ...JSON.parse(readFileSync(path, 'utf8')), description: 'The very same, but better.' }
    writeFileSync(path, JSON.stringify(spec))
    const { manifestDigest: _, ...content } = readManifest(folder).manifest
    const artifacts = describeArtifacts((file) => join(folder, file), true)
    writeFileSync(join(folder, 'manifest.json'), formatManifest(sealManifest({ ...content, artifacts })))
    expect(await refusing(folder)).toEqual(['spec'])
  })

  it('that says another commit, backend or time passes, and is told as a claim that files cannot prove', async () => {
    const claim = ({ manifest }: Forgery) => {
      manifest.code.commit = '0123456789abcdef0123456789abcdef01234567'
      manifest.environment.backend.name = 'tensorflow'
    }
    const { checks } = await verifyRun(await forgeRun(honest, claim))
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
    expect(checks.find(({ name }) => name === 'claims of the run')).toMatchObject({
      outcome: 'claimed',
      detail: expect.stringMatching(/cannot prove commit 0123456789ab, backend tensorflow/),
    })
  })
})

describe('runs beside each other', () => {
  const relationsOf = async (folders: readonly string[]) => {
    const prints = []
    for (const folder of folders) prints.push((await verifyRun(folder)).fingerprint)
    return relateRuns(prints.flatMap((print) => print ?? []))
  }

  it('are nothing to each other where they were trained', async () => {
    expect(await relationsOf([honest, anotherSeed, anotherMethod])).toEqual([])
  })

  it('are copies where one was sealed as another seed', async () => {
    const copy = await forgeRun(honest, asSeed(2))
    const relations = await relationsOf([honest, copy])
    expect(relations).toMatchObject([{ kind: 'copy', what: 'predictions and weights and learning curve' }])
    expect(relations.map(relationCheck)).toMatchObject([
      { ok: false, detail: expect.stringContaining('one of them is a copy') },
    ])
  })

  it('are near-copies where one was sealed as another seed, with noise on its weights and predictions', async () => {
    const random = createRandom(9, 'noise')
    const near = await forgeRun(honest, (run) => {
      asSeed(2)(run)
      run.metrics[0].loss += 1e-6
      run.log.find(({ type }) => type === 'epoch').loss += 1e-6
      const bias = [...run.tensors].find(([name]) => name.endsWith('.bias'))
      if (bias) bias[1].data[0] = (bias[1].data[0] ?? 0) + 1e-5
      for (const { confidence } of classifiers(run.test.table)) {
        confidence.forEach((value, i) => {
          confidence[i] = value * (1 - 1e-6 * random.uniform())
        })
      }
    })
    const relations = await relationsOf([honest, near])
    expect(relations).toMatchObject([{ kind: 'near-copy' }])
    expect(relations.map(relationCheck)).toMatchObject([{ ok: true, outcome: 'flagged' }])
  })

  it('are told where one stands in two experiments, or says other things of one seed', async () => {
    // A name is no part of an experiment: this is a repeat.
    const renamed = await forgeRun(honest, asSeed(1, 'another-name'))
    expect(await relationsOf([honest, renamed])).toEqual([])
    const elsewhere = await forgeRun(honest, (run) => {
      asSeed(1, 'another-name')(run)
      run.manifest.spec.training.optimizer.weightDecay = 0.002
    })
    expect(await relationsOf([honest, elsewhere])).toMatchObject([
      { kind: 'same-elsewhere', what: 'predictions and weights and learning curve' },
    ])
    const other = await forgeRun(anotherSeed, asSeed(1))
    expect(await relationsOf([honest, other])).toMatchObject([{ kind: 'disagreement' }])
  })
})

describe('an import', () => {
  const ofFolder = (folder: string) => ({
    manifest: readManifest(folder).manifest,
    readFile: async ({ file }: { file: string }) => new Uint8Array(readFileSync(join(folder, file))),
  })

  it('takes what publishing takes, and refuses what it refuses', async () => {
    const check = importCheck()
    expect(await check(ofFolder(honest))).toBe('reported')
    const signed = ofFolder(anotherSeed)
    const signature = signRun(newKey('ada'), signed.manifest)
    expect(await check({ ...signed, signature })).toBe('recomputed')
    const another = signRun(newKey('ada'), ofFolder(honest).manifest)
    await expect(importCheck()({ ...signed, signature: another })).rejects.toMatchObject({
      code: 'verification-failed',
      problems: [{ path: 'signature' }],
    })
    const perfect = ({ test }: Forgery) => {
      test.table = sureOf(test.table.labels, 10, 3)
    }
    await expect(check(ofFolder(await forgeRun(honest, perfect)))).rejects.toMatchObject({
      code: 'verification-failed',
      problems: [{ path: onTest }],
    })
    await expect(check(ofFolder(await forgeRun(honest, asSeed(2))))).rejects.toMatchObject({
      code: 'verification-failed',
      problems: [{ path: 'other runs' }],
    })
  })
})
