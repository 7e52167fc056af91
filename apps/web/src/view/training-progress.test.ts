import { expect, it } from 'vitest'
import type { TrainingNews } from '../components/try/training-messages.ts'
import { isBusy, noTraining, withNews } from './training-progress.ts'

const began: TrainingNews = {
  type: 'began',
  backend: { name: 'wasm', what: 'WebAssembly, one thread', why: undefined },
  epochs: 2,
  stepsPerEpoch: 4,
  exits: 3,
  seed: 1,
}

const step = (epoch: number, at: number, exits: number[], top1: number[]): TrainingNews => ({
  type: 'event',
  exits,
  event: { type: 'step', epoch, step: at, loss: 2, top1, learningRate: 0.1, imagesPerSecond: 50, tensors: 9 },
})

it('grows a curve for each exit, at fractions of an epoch, and takes up the next epoch where the last ended', () => {
  const progress = withNews(noTraining, [
    { type: 'opening', what: 'images' },
    began,
    step(0, 1, [1, 2, 3], [0.1, 0.2, 0.3]),
    step(0, 4, [1, 2, 3], [0.2, 0.3, 0.4]),
    {
      type: 'event',
      exits: [1, 2, 3],
      event: {
        type: 'epoch',
        epoch: 1,
        loss: 1.5,
        trainTop1: [0.2, 0.3, 0.4],
        validationTop1: [0.25, 0.35, 0.45],
        wallSeconds: 3,
      },
    },
    step(1, 1, [1, 2, 3], [0.5, 0.6, 0.7]),
  ])
  expect(progress.stage).toBe('training')
  expect(isBusy(progress)).toBe(true)
  expect(progress.training.get(2)).toEqual([
    { epoch: 0.25, top1: 0.2 },
    { epoch: 1, top1: 0.3 },
    { epoch: 1.25, top1: 0.6 },
  ])
  expect(progress.validation.get(3)).toEqual([{ epoch: 1, top1: 0.45 }])
  expect(progress.epochs).toHaveLength(1)
  expect(progress.latest).toMatchObject({ epoch: 1, step: 1 })
})

it('draws the exits that a phase trains, and no others', () => {
  const progress = withNews(noTraining, [began, step(0, 1, [3], [0.3]), step(0, 2, [1, 2], [0.1, 0.2])])
  expect([...progress.training]).toEqual([
    [3, [{ epoch: 0.25, top1: 0.3 }]],
    [1, [{ epoch: 0.5, top1: 0.1 }]],
    [2, [{ epoch: 0.5, top1: 0.2 }]],
  ])
})

it('keeps the curves of what was stopped', () => {
  const progress = withNews(noTraining, [began, step(0, 1, [1], [0.1]), { type: 'stopped' }])
  expect(progress.stage).toBe('stopped')
  expect(isBusy(progress)).toBe(false)
  expect(progress.training.get(1)).toHaveLength(1)
})

it('keeps a long training drawable: its curves are thinned from first to last, and the latest epochs are listed', () => {
  const news = Array.from(
    { length: 5000 },
    (_, i): TrainingNews => ({
      type: 'event',
      exits: [1],
      event: {
        type: 'epoch',
        epoch: i + 1,
        loss: 1,
        trainTop1: [0.5],
        validationTop1: [0.5],
        wallSeconds: 1,
      },
    }),
  )
  const { validation, epochs } = withNews(noTraining, [began, ...news])
  const curve = validation.get(1) ?? []
  expect(curve.length).toBeLessThanOrEqual(500)
  expect(curve[0]?.epoch).toBe(1)
  expect(curve.at(-1)?.epoch).toBe(5000)
  expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 50 }, (_, i) => 4951 + i))
})
