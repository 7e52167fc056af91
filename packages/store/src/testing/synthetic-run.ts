import { createHash } from 'node:crypto'
import { digestJson } from '@mate-bench/provenance'
import { artifactFiles, type Manifest, manifestSchema } from '@mate-bench/schema'
import { createRandom } from '@mate-bench/stats'
import type { PublishableRun } from '../publish/publishable-run.ts'

export interface SyntheticRunOptions {
  /** Another one makes another experiment. */
  readonly name?: string
  /** Name of the spec, which makes none. @default `name` */
  readonly label?: string
  readonly method?: string
  readonly backbone?: string
  readonly dataset?: string
  readonly seed?: number
  /** Whose files it has. @default `seed` */
  readonly filesOfSeed?: number
  /** Chance of each exit to be right, shallowest first. */
  readonly top1?: readonly number[]
  readonly images?: number
  readonly finishedAt?: string
}

/** For tests: a run that nobody trained, whole enough to be published. The same options give the same run. */
export function syntheticRun(options: SyntheticRunOptions = {}): PublishableRun {
  const { name = 'test', method = 'joint', backbone = 'resnet', dataset = 'fashion-mnist-mini' } = options
  const { seed = 1, top1 = [0.5, 0.6, 0.7], images = 100 } = options
  const { label = name, filesOfSeed = seed } = options
  const random = createRandom(seed, `synthetic/${name}/${method}`)
  const draw = (chance: number) =>
    Uint8Array.from({ length: images }, () => (random.uniform() < chance ? 1 : 0))
  const exits = top1.map(draw)
  const ensemble = draw(top1.at(-1) ?? 0.5)
  const spec = syntheticSpec(label, name, method, backbone, dataset, top1.length)
  const specDigest = digestJson(spec)
  const files = new Map<string, { role: 'spec' | 'predictions'; content: Uint8Array }>(
    (['spec', 'predictions'] as const).map((role) => {
      const content = new TextEncoder().encode(JSON.stringify({ role, name, method, seed: filesOfSeed }))
      return [artifactFiles[role].file, { role, content }] as const
    }),
  )
  const metrics = (right: Uint8Array) => {
    const share = right.reduce((sum, one) => sum + one, 0) / images
    return { top1: share, top5: Math.min(1, share + 0.2), nll: 1 - share, ece: 0.05, auroc: 0.8 }
  }
  const content: Omit<Manifest, 'manifestDigest'> = {
    schemaVersion: 1,
    runId: `run_${digestJson({ specDigest, seed, options: { ...options } }).slice(7, 27)}`,
    spec,
    specDigest,
    seed,
    track: syntheticTrack(dataset, images),
    code: { commit: null, dirty: null, lockfileDigest: null },
    environment: {
      node: '20.0.0',
      os: 'linux',
      arch: 'x64',
      cpu: 'a processor',
      memoryBytes: 8e9,
      backend: { name: 'cpu', version: '4.22.0', libraries: {} },
      threads: 1,
    },
    data: { name: dataset, source: 'https://example.org', files: [] },
    timing: {
      startedAt: '2026-01-01T00:00:00.000Z',
      finishedAt: options.finishedAt ?? '2026-01-01T01:00:00.000Z',
      wallSeconds: 3600,
      trainImagesPerSecond: 1000,
      resumptions: 0,
    },
    model: {
      parameters: 9_007_199_254_740_991,
      exits: top1.map((_, i) => ({
        k: i + 1,
        after: `stage${i + 1}`,
        isolatedMacs: 1e6 * (i + 1),
        // Beyond 2^32, and odd: a digit that is lost would show.
        sequentialMacs: 9_007_199_254_740_881 + i,
        parameters: 1000 * (i + 1),
      })),
    },
    training: { epochs: 1, steps: 10, judgedEpoch: 1, trainingOnlyParameters: 0, notes: [] },
    results: {
      exits: exits.map((right, i) => ({ k: i + 1, ...metrics(right) })),
      ensemble: metrics(ensemble),
      validation: [],
      agreement: [],
      overthinking: { wasteful: 0.1, destructive: 0.05 },
      budgeted: [],
    },
    artifacts: [...files].map(([file, { role, content: bytes }]) => ({
      role,
      file,
      mediaType: artifactFiles[role].mediaType,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
    deterministic: true,
  }
  return {
    manifest: manifestSchema.parse({ ...content, manifestDigest: digestJson(content) }),
    readFile: (file) => files.get(file)?.content ?? new Uint8Array(),
    correctness: { exits, ensemble },
  }
}

function syntheticSpec(
  label: string,
  trial: string,
  method: string,
  backbone: string,
  dataset: string,
  exits: number,
): Manifest['spec'] {
  return {
    schemaVersion: 1,
    name: label,
    dataset: { name: dataset },
    model: {
      backbone: { name: backbone },
      exits: Array.from({ length: exits }, (_, i) => ({ after: `stage${i + 1}` })),
      head: { name: 'linear' },
    },
    // Names are labels: what makes another experiment of it is this.
    method: { name: method, trial },
    training: {
      epochs: 1,
      batchSize: 10,
      optimizer: { name: 'sgd' },
      schedule: { name: 'constant' },
      augmentation: [],
      labelSmoothing: 0,
      gradientClipping: null,
    },
    evaluation: { checkpoint: { name: 'last' }, protocols: ['anytime'] },
    seeds: [1, 2, 3],
  }
}

function syntheticTrack(dataset: string, images: number): Manifest['track'] {
  const split = (count: number) => ({ count, digest: digestJson({ dataset, count }) })
  const content = {
    dataset,
    splits: { train: split(1000), validation: split(0), test: split(images) },
    preprocessing: { imageShape: [28, 28, 1] as [number, number, number], mean: [0.5], std: [0.25] },
    protocol: { metrics: 'top1-top5-nll-ece15-auroc' as const, version: 1 as const },
    costConvention: 'macs' as const,
  }
  return { ...content, digest: digestJson(content) }
}
