import { expect, it } from 'vitest'
import { leavingExit } from './leaving-exit.ts'

it('leaves at the first exit that is confident enough, at the last otherwise, and nowhere before it is known', () => {
  expect(leavingExit([0.4, 0.9, 0.95], 3, 0.9)).toBe(2)
  expect(leavingExit([0.4, 0.6, 0.7], 3, 0.9)).toBe(3)
  expect(leavingExit([0.4, 0.6], 3, 0.9)).toBeUndefined()
  expect(leavingExit([0.4], 3, 0)).toBe(1)
  expect(leavingExit([], 3, 0)).toBeUndefined()
})
