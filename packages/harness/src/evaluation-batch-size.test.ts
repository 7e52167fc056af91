import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectFolder } from './environment.ts'
import { evaluationBatchSize } from './evaluation-batch-size.ts'
import { readSpec } from './read-spec.ts'

it.each([
  ['quickstart/mate.json', 100],
  ['cifar100/resnet18-mate.json', 128],
  ['tiny-imagenet/resnet18-64-mate.json', 128],
  ['cub-200-2011/resnet18-mate.json', 32],
])(
  '%s is evaluated in batches of %i: a hundred, or what training takes, or what large images leave room for',
  (file, images) => {
    expect(evaluationBatchSize(readSpec(join(projectFolder(), 'bench-specs', file)))).toBe(images)
  },
)
