import { expect, it } from 'vitest'
import { lostSeedsText } from './lost-seeds.ts'

it('lostSeedsText names the seeds that are missing and those that are drawn', () => {
  expect(lostSeedsText([2], [1, 3])).toBe(
    'The files of seed 2 can not be read at the moment. Curves and classes are of seeds 1, 3 alone.',
  )
  expect(lostSeedsText([1, 2], [])).toBe(
    'The files of seeds 1, 2 can not be read at the moment. What is drawn from them is left out.',
  )
})
