import { submissionProgressSchema } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { ProgressBoard } from './progress-board.ts'

describe('ProgressBoard', () => {
  it('tells how far all runs are, in the form that the API promises', () => {
    const board = new ProgressBoard([3, 4])
    const states = () => board.progress().runs.map(({ state }) => state)
    expect(submissionProgressSchema.parse(board.progress())).toMatchObject({ done: 0 })
    board.event(3, { type: 'started', runId: 'run_x', seed: 3, epochs: 2, stepsPerEpoch: 5 })
    board.event(3, {
      type: 'step',
      epoch: 1,
      step: 3,
      loss: 2.5,
      top1: [0.5, 0.75],
      learningRate: 0.1,
      imagesPerSecond: 100,
      tensors: 9,
    })
    const progress = submissionProgressSchema.parse(board.progress())
    expect(progress.done).toBeCloseTo((5 + 3) / 10 / 2, 12)
    expect(progress.runs[0]).toMatchObject({ seed: 3, state: 'training', loss: 2.5, top1: [0.5, 0.75] })
    board.event(3, { type: 'finished', folder: '/srv/runs/x', top1: [0.6, 0.8], wallSeconds: 5 })
    expect(states()).toEqual(['publishing', 'waiting'])
    board.publishing(3, 'published')
    expect(states()).toEqual(['published', 'waiting'])
    expect(board.progress().done).toBe(0.5)
  })

  it('keeps lines until they are written, short and without folders', async () => {
    const board = new ProgressBoard([1])
    const taken = () => board.passLines(async (lines) => lines.map(({ line }) => line))
    board.say(`In /srv/runs/x: ${'y'.repeat(5000)}`)
    const [line] = await taken()
    expect(line).toMatch(/^In …\/x: y+$/)
    expect(line).toHaveLength(2000)
    expect(await taken()).toEqual([])

    board.say('first')
    const failed = board.passLines(async () => {
      board.say('meanwhile')
      throw new Error('the database is away')
    })
    await expect(failed).rejects.toThrow('away')
    expect(await taken()).toEqual(['first', 'meanwhile'])
  })
})
