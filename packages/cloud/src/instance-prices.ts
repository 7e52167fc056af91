/** When the table was last looked at, and where: prices are to be checked there before money is spent. */
export const pricesAsOf = {
  date: '2026-11',
  region: 'us-east-1',
  source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
} as const

/** The machines that the job queue may start, each with four vCPUs and one GPU: T4 and A10G suit the image's CUDA 11. */
export const instances = [
  { name: 'g4dn.xlarge', gpu: 'T4', onDemandDollarsPerHour: 0.526 },
  { name: 'g5.xlarge', gpu: 'A10G', onDemandDollarsPerHour: 1.006 },
] as const

/** Spot prices move; this share of the on-demand price is assumed. */
export const assumedSpotShare = 0.4
