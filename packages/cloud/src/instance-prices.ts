/** When the table was last looked at, and where: prices are to be checked there before money is spent. */
export const pricesAsOf = {
  date: '2026-11',
  region: 'us-east-1',
  source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
} as const

/**
 * Machines that the job queue can start. By default it starts the first three, of which AWS Batch takes the cheapest
 * available; the others where a deployment names them (`infra/machines.ts` has the same list). A T4 costs less an hour than
 * an L4, so that it would always be taken first, for runs that take four times as long.
 */
export const instances = [
  { name: 'g6.xlarge', gpu: 'L4', gpus: 1, byDefault: true, onDemandDollarsPerHour: 0.8048 },
  { name: 'g5.xlarge', gpu: 'A10G', gpus: 1, byDefault: true, onDemandDollarsPerHour: 1.006 },
  { name: 'g6e.xlarge', gpu: 'L40S', gpus: 1, byDefault: true, onDemandDollarsPerHour: 1.861 },
  { name: 'g4dn.xlarge', gpu: 'T4', gpus: 1, byDefault: false, onDemandDollarsPerHour: 0.526 },
  { name: 'p5.4xlarge', gpu: 'H100', gpus: 1, byDefault: false, onDemandDollarsPerHour: 6.88 },
  // There is no smaller one with this GPU: eight runs share it, or one pays for eight.
  { name: 'p4d.24xlarge', gpu: 'A100', gpus: 8, byDefault: false, onDemandDollarsPerHour: 21.9576 },
] as const

/** Spot prices move; this share of the on-demand price is assumed. */
export const assumedSpotShare = 0.4
