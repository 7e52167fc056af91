/** How far a result has been checked, weakest first. */
export const tiers = [
  'published', // printed in a paper; never a run
  'reported', // a run folder as its author sent it, unsigned or without the data to check it with
  'recomputed', // signed, and every number computed again from the predictions
  're-evaluated', // the published weights were run on the test split again
  'retrained', // the spec was trained again here
  'third-party', // the spec was trained again by somebody else
] as const

export type Tier = (typeof tiers)[number]
export type RunTier = Exclude<Tier, 'published'>

/** Those that a run can have. */
export const runTiers = tiers.filter((tier): tier is RunTier => tier !== 'published')
