import { describeNeeds, type Method, trainingPasses, usualNeeds, usualRun } from '@mate-bench/methods'
import type { Manifest } from '@mate-bench/schema'
import { plural, si, significant } from './numbers.ts'

/** `12.2 M MACs an image, 4 times a forward pass of the network`; undefined of a manifest of before it was counted. */
export function trainingCostText({ training, model }: Manifest): string | undefined {
  const macs = training.trainingMacsPerImage
  const forward = model.exits.at(-1)?.sequentialMacs
  if (macs === undefined || !forward) return undefined
  const times = significant(macs / forward, 3)
  const share = times === '1' ? 'one forward pass' : `${times} times a forward pass`
  return `${si(macs)} MACs an image, ${share} of the network`
}

/** What a method takes in training with its default options, one sentence. */
export function methodCostText(method: Method): string {
  const needs = usualNeeds(method)
  const { withGradient, withoutGradient } = trainingPasses(needs, usualRun.epochs)
  const forward = Number((withGradient + withoutGradient).toPrecision(3))
  const passes =
    forward === 1
      ? 'one forward and one backward pass'
      : `${forward} forward passes and ${plural(withGradient, 'backward pass', 'backward passes')}`
  const teachers = method.teachers?.(method.options.parse({ name: method.name })).length ?? 0
  const needed = [
    ...describeNeeds(needs),
    ...(teachers > 0
      ? [`and a forward pass of ${teachers === 1 ? 'its teacher' : `${teachers} teachers`}`]
      : []),
  ]
  const why = needed.length > 0 ? ` (${needed.join(', ')})` : ''
  return `In training each image takes ${passes} an epoch${why}.`
}
