import { assumedStartSeconds, estimateCloudCost, runLimitHours } from '@mate-bench/cloud/cost'
import { instances } from '@mate-bench/cloud/instance-prices'
import { expect, it } from 'vitest'
import { instanceTypes, maximumVcpus } from '../machines.ts'
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
    expect(hours).toHaveLength(instances.length)
    expect(Math.max(...hours)).toBeLessThan(attempts * attemptHours)
  },
)

it('starts the machines whose prices `mate-bench plan --cloud` tells, and by default those that it says', () => {
  const names = instances.map(({ name }) => name)
  expect(instanceTypes(names.join(', '))).toEqual(names)
  expect(instanceTypes('')).toEqual(instances.filter(({ byDefault }) => byDefault).map(({ name }) => name))
  expect(() => instanceTypes('g6.xlarge,g6.48xlarge')).toThrow('names g6.48xlarge; there are g6.xlarge, ')
})

it('has room for every job that may be submitted, on whichever machine', () => {
  expect(maximumVcpus(['g6.xlarge', 'g4dn.xlarge'], 8)).toBe(32)
  expect(maximumVcpus(['g6.xlarge', 'p5.4xlarge'], 8)).toBe(128)
  // Eight jobs share one of these, and the ninth needs another.
  expect(maximumVcpus(['p4d.24xlarge'], 1)).toBe(96)
  expect(maximumVcpus(['p4d.24xlarge'], 8)).toBe(96)
  expect(maximumVcpus(['p4d.24xlarge'], 9)).toBe(192)
})
