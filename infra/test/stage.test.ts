import { runLimitHours } from '@mate-bench/cloud/cost'
import { expect, it } from 'vitest'
import { attempts, settingsOf } from '../stage.ts'

it('keeps every image that an entry of production may name', () => {
  expect(settingsOf('production').imagesKept).toBe('all')
})

it('ends runs after the hours that `mate-bench plan --cloud` warns of', () => {
  expect(attempts * settingsOf('production').attemptHours).toBe(runLimitHours.production)
  expect(attempts * settingsOf('ada').attemptHours).toBe(runLimitHours.personal)
})
