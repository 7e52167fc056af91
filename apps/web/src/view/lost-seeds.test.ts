import { expect, it } from 'vitest'
import { lostSeedsText } from './lost-seeds.ts'

it('lostSeedsText names the seeds that are missing and those that are drawn', () => {
  expect(lostSeedsText([2], [1, 3])).toBe(
    'The files of seed 2 cannot be read at the moment. Curves and classes show only seeds 1, 3.',
  )
  expect(lostSeedsText([1, 2], [])).toBe(
    'The files of seeds 1, 2 cannot be read at the moment. The charts that need them are left out.',
  )
})
