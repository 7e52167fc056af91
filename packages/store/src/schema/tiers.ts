/** How far a result has been checked, from a number in a paper to a run that somebody else repeated. */
export const tiers = [
  'published', // printed in a paper; never a run
  'reported', // a run folder as its author sent it
  'recomputed', // every number computed again from the predictions
  're-evaluated', // the published weights were run on the test split again
  'retrained', // the spec was trained again here
  'third-party', // the spec was trained again by somebody else
] as const

export type Tier = (typeof tiers)[number]
export type RunTier = Exclude<Tier, 'published'>
