import { describe, expect, it } from 'vitest'
import { publicHistory } from './public-history.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute))
const run = (seed: number, finished: number, published: number) => ({
  ...{ id: `run_${seed}`, seed, tier: 'recomputed' as const, backend: 'wasm' },
  finishedAt: at(finished),
  publishedAt: at(published),
})

describe('publicHistory', () => {
  it('tells a run that was published by hand from training to publication', () => {
    expect(publicHistory([run(1, 5, 9)], []).map(({ what, subject, note }) => [what, subject, note])).toEqual(
      [
        ['trained', 'seed 1', 'with wasm'],
        ['published', 'seed 1', 'tier recomputed'],
      ],
    )
  })

  it('begins with the submission, and leaves out how the queue went', () => {
    const event = (
      toState: 'submitted' | 'approved' | 'queued' | 'running',
      minute: number,
      actor: string,
    ) => ({
      ...{ toState, actor, at: at(minute), fromState: null, note: toState === 'approved' ? 'go' : null },
    })
    const history = [
      event('submitted', 0, 'ada'),
      event('approved', 1, 'grace'),
      event('queued', 1, 'grace'),
      event('running', 2, 'worker'),
    ]
    const events = publicHistory(
      [run(1, 5, 9), run(2, 6, 6)],
      [{ submissionId: 'sub_1', runIds: ['run_1', 'run_2'], history }],
    )
    expect(events.map(({ what, href }) => `${what} ${href}`)).toEqual([
      'submitted /submissions/sub_1',
      'approved /submissions/sub_1',
      'trained /runs/run_1',
      'trained /runs/run_2',
      'published /runs/run_2',
      'published /runs/run_1',
    ])
    expect(events[1]?.note).toBe('by grace: go')
  })
})
