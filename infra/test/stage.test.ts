import { attemptLimitHours } from '@mate-bench/cloud/cost'
import { expect, it } from 'vitest'
import { settingsOf } from '../stage.ts'

it('ends attempts after the hours that `mate-bench plan --cloud` warns of', () => {
  expect(settingsOf('production').attemptHours).toBe(attemptLimitHours.production)
  expect(settingsOf('ada').attemptHours).toBe(attemptLimitHours.personal)
})
