import { assumedStartSeconds, estimateCloudCost, runLimitHours } from '@mate-bench/cloud/cost'
import { expect, it } from 'vitest'
import { attempts, settingsOf } from '../stage.ts'

it('keeps every image that an entry of production may name', () => {
  expect(settingsOf('production').imagesKept).toBe('all')
})

it('ends runs after the hours that `mate-bench plan --cloud` warns of', () => {
  expect(attempts * settingsOf('production').attemptHours).toBe(runLimitHours.production)
  expect(attempts * settingsOf('ada').attemptHours).toBe(runLimitHours.personal)
})

it.each(['production', 'ada'])(
  'lets a run that %s takes finish within its attempts, on every machine',
  (stage) => {
    const { maximumMacs, attemptHours } = settingsOf(stage)
    const hours = estimateCloudCost({ macsPerRun: maximumMacs, runs: 1 }).map(
      // Each attempt starts anew.
      ({ secondsPerRun }) => (secondsPerRun + (attempts - 1) * assumedStartSeconds) / 3600,
    )
    expect(hours).toHaveLength(2)
    expect(Math.max(...hours)).toBeLessThan(attempts * attemptHours)
  },
)
