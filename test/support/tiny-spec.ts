import { parseSpec, type Spec } from '@mate-bench/harness'

/** A spec that trains in about a second: 10 images of each class, two channels, three exits. */
export function tinySpec(changes: Record<string, unknown> = {}): Spec {
  return parseSpec({
    schemaVersion: 1,
    name: 'tiny',
    dataset: {
      name: 'fashion-mnist-mini',
      subset: { perClass: 10, seed: 0 },
      validation: { size: 20, seed: 0 },
    },
    model: {
      backbone: { name: 'resnet', depth: 8, width: 2 },
      exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
      head: { name: 'linear' },
    },
    method: { name: 'mate' },
    training: {
      epochs: 3,
      batchSize: 16,
      optimizer: { name: 'sgd', learningRate: 0.1 },
      schedule: { name: 'multi-step', milestones: [2] },
      augmentation: [{ name: 'random-crop', padding: 2 }, { name: 'horizontal-flip' }],
    },
    evaluation: { checkpoint: { name: 'last' }, protocols: ['anytime', 'budgeted', 'risk-controlled'] },
    seeds: [1, 2],
    ...changes,
  })
}
