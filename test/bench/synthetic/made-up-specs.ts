import { parseSpec, type Spec } from '@mate-bench/harness/spec'
import { createRandom } from '@mate-bench/stats'

/** Of a hundred entries so many are on each dataset: one track is much larger than the others, as on a real site. */
const shares: readonly (readonly [dataset: string, percent: number])[] = [
  ['fashion-mnist-mini', 40],
  ['cifar100', 30],
  ['cifar10', 20],
  ['fashion-mnist', 10],
]

const methods = ['joint', 'byot', 'phuong-lampert', 'dks', 'eed', 'beed', 'okddip', 'mate'] as const

const exitsAfter = (stages: number) => Array.from({ length: stages }, (_, i) => ({ after: `stage${i + 1}` }))

const small = (width: number) => ({
  backbone: { name: 'resnet', depth: 8, width },
  exits: exitsAfter(3),
  head: { name: 'linear' },
})

const large = (width: number) => ({
  backbone: { name: 'resnet', depth: 18, width, stem: 'cifar' },
  exits: exitsAfter(4),
  head: { name: 'bottleneck' },
})

const vgg = (width: number) => ({
  backbone: { name: 'vgg', depth: 11, width },
  exits: exitsAfter(5).slice(2),
  head: { name: 'linear' },
})

const models = [small(4), small(8), small(16), large(16), large(32), large(64), vgg(16), vgg(32)] as const

/**
 * The i-th made-up spec: valid, never trained, different from every other i. It depends on nothing but its
 * arguments, so that a longer list begins with the shorter one.
 *
 * @param seed chooses the list
 * @param i from 0
 * @param runs how many seeds it asks for
 */
export function madeUpSpec(seed: number, i: number, runs: number): Spec {
  const random = createRandom(seed, 'synthetic-spec', i)
  const pick = <T>(items: readonly [T, ...T[]]): T => items[random.integer(items.length)] ?? items[0]
  const dataset = pickDataset(random.integer(100))
  const method = pick(methods)
  return parseSpec(
    {
      schemaVersion: 1,
      name: `synthetic-${String(i).padStart(5, '0')}-${method}`,
      description: 'Made up for load tests. Nobody trained it.',
      dataset: { name: dataset },
      model: pick(models),
      method: { name: method },
      training: {
        epochs: pick([20, 50, 100, 200]),
        batchSize: pick([64, 128, 256]),
        // A name makes no experiment: the weight decay is each one's own.
        optimizer: {
          name: 'sgd',
          learningRate: pick([0.02, 0.05, 0.1]),
          momentum: 0.9,
          weightDecay: (10_000 + i) / 1e8,
        },
        schedule: { name: 'cosine' },
        labelSmoothing: pick([0, 0.1]),
      },
      evaluation: { checkpoint: { name: 'last' }, protocols: ['anytime', 'budgeted'] },
      seeds: Array.from({ length: runs }, (_, run) => run + 1),
    },
    `made-up spec ${i}`,
  )
}

function pickDataset(percent: number): string {
  let upTo = 0
  for (const [dataset, share] of shares) {
    upTo += share
    if (percent < upTo) return dataset
  }
  return 'cifar100'
}
