/** What differs between stages. */
export interface StageSettings {
  /** Kept on removal, and protected from it. */
  readonly production: boolean
  /** Jobs that may be at the service at a time: anyone may submit a spec. The machines are bounded by it too. */
  readonly maximumActiveJobs: number
  /** Multiply-accumulates of one submission: were it one run, its attempts would have to last for it. */
  readonly maximumMacs: number
  readonly attemptHours: number
  readonly capacityWaitHours: number
  readonly logRetentionDays: 14 | 90
  readonly functionLogRetention: '2 weeks' | '3 months'
  readonly checkpointDays: number
  /** Training images that are kept, the newest: entries name theirs by its digest. */
  readonly imagesKept: number | 'all'
  readonly monthlyBudgetDollars: number
}

/** Attempts of a job: machines may be taken away, and a long run takes several. */
export const attempts = 5

const production: StageSettings = {
  production: true,
  maximumActiveJobs: 8,
  maximumMacs: 1e17,
  attemptHours: 12,
  capacityWaitHours: 6,
  logRetentionDays: 90,
  functionLogRetention: '3 months',
  checkpointDays: 30,
  imagesKept: 'all',
  monthlyBudgetDollars: 500,
}

/** Everybody's own stage: one GPU at a time, forgotten soon. */
const personal: StageSettings = {
  production: false,
  maximumActiveJobs: 1,
  maximumMacs: 2.5e16,
  attemptHours: 2,
  capacityWaitHours: 1,
  logRetentionDays: 14,
  functionLogRetention: '2 weeks',
  checkpointDays: 7,
  imagesKept: 10,
  monthlyBudgetDollars: 50,
}

export function settingsOf(stage: string): StageSettings {
  return stage === 'production' ? production : personal
}
