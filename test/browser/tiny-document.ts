/** A spec as somebody types it, which trains in a second, on splits of its own: a track apart from the site's entries. */
export const tinyDocument = {
  schemaVersion: 1,
  name: 'typed',
  dataset: {
    name: 'fashion-mnist-mini',
    subset: { perClass: 10, seed: 0 },
    validation: { size: 30, seed: 0 },
  },
  model: {
    backbone: { name: 'resnet', depth: 8, width: 2 },
    exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
    head: { name: 'linear' },
  },
  method: { name: 'mate' },
  training: {
    epochs: 12,
    batchSize: 16,
    optimizer: { name: 'sgd', learningRate: 0.1 },
    schedule: { name: 'constant' },
  },
  evaluation: { checkpoint: { name: 'last' }, protocols: ['anytime'] },
  seeds: [1],
}
