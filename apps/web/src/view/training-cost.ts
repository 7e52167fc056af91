import { describeNeeds, type Method, trainingPasses, usualNeeds, usualRun } from '@mate-bench/methods'
import type { Manifest } from '@mate-bench/schema'
import { plural, si } from './numbers.ts'

/** `12.2 M MACs an image, 4 times a forward pass of the network`; undefined of a manifest of before it was counted. */
export function trainingCostText({ training, model }: Manifest): string | undefined {
  const macs = training.trainingMacsPerImage
  const forward = model.exits.at(-1)?.sequentialMacs
  if (macs === undefined || !forward) return undefined
  const times = (macs / forward).toPrecision(3)
  const share = Number(times) === 1 ? 'one forward pass' : `${Number(times)} times a forward pass`
  return `${si(macs)} MACs an image, ${share} of the network`
}

/** What a method takes in training with its default options, a sentence or two. */
export function methodCostText(method: Method): string {
  const needs = usualNeeds(method)
  const { withGradient, withoutGradient } = trainingPasses(needs, usualRun.epochs)
  const apart = withoutGradient > 0 ? ` and ${Number(withoutGradient.toPrecision(3))} without` : ''
  const passes = `${plural(withGradient, 'forward pass', 'forward passes')} with a gradient${apart} an image and epoch`
  const needed = describeNeeds(needs)
  return needed.length > 0 ? `Training takes ${passes}: ${needed.join(', ')}.` : `Training takes ${passes}.`
}
