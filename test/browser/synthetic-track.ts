import { syntheticSpec } from '@mate-bench/harness/testing'
import { openArtifacts } from '@mate-bench/store'
import { withStore } from '../../apps/cli/src/prepared-store.ts'
import { publishSynthetic } from '../../apps/web/src/testing/publish-synthetic.ts'

/** CIFAR-100, of which papers print numbers, and which nobody trains in a browser test. */
const model = {
  backbone: { name: 'resnet', depth: 18 },
  exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }, { after: 'stage4' }],
  head: { name: 'eed' },
}
const change = { dataset: { name: 'cifar100' }, model }

const runs = [
  { spec: syntheticSpec('cifar-joint', change), top1: [0.66, 0.73, 0.77, 0.78] },
  {
    spec: syntheticSpec('cifar-byot', { ...change, method: { name: 'byot' } }),
    top1: [0.68, 0.75, 0.78, 0.79],
  },
]

/** Publishes made-up runs of a dataset with published numbers, into the database of the environment. */
export async function publishSyntheticTrack(): Promise<void> {
  const artifacts = await openArtifacts()
  await withStore(async ({ db }) => {
    for (const { spec, top1 } of runs) {
      for (const seed of [1, 2]) await publishSynthetic(db, artifacts, { spec, seed, top1 })
    }
  })
}
