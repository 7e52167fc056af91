import { expect, it } from 'vitest'
import { begunText, missingList, missingRuns, missingText } from './begun-runs.ts'

const run = (seed: number, standing: 'started' | 'finished' | 'failed' | 'withdrawn', registered = true) => ({
  ...{ seed, standing, registered, reason: null, runId: `run_${seed}` },
})

it('says of every run that was begun what became of it', () => {
  expect(begunText([])).toBeUndefined()
  expect(begunText([run(1, 'finished'), run(2, 'finished')])).toBe('2 runs of 2 seeds started: 2 finished.')
  expect(
    begunText([run(1, 'finished'), run(1, 'failed'), run(2, 'withdrawn'), run(3, 'started', false)]),
  ).toBe(
    '4 runs of 3 seeds started: 1 finished, 1 failed, 1 withdrawn, 1 not heard from since. 3 of them were registered before training.',
  )
  expect(begunText([run(1, 'finished', false)])).toBe(
    '1 run of 1 seed started: 1 finished. None was registered before training.',
  )
})

it('misses the seeds of which nothing is published', () => {
  const begun = [run(1, 'finished'), run(1, 'failed'), run(2, 'failed'), run(3, 'started')]
  expect(missingRuns(begun).map(missingText)).toEqual(['seed 2 (failed)', 'seed 3 (not heard from since)'])
})

it('names ten missing runs at most', () => {
  const missing = Array.from({ length: 500 }, (_, seed) => ({
    ...{ seed, standing: 'started' as const, registered: true, reason: null, runId: `run_${seed}` },
  }))
  expect(missingList(missing)).toMatch(/^seed 0 .*seed 9 \(not heard from since\) and 490 more$/)
  expect(missingList(missing.slice(0, 10), 500)).toBe(missingList(missing))
  expect(missingList(missing.slice(0, 2))).toBe(
    'seed 0 (not heard from since), seed 1 (not heard from since)',
  )
})
