export type { Backbone } from './backbones/backbone.ts'
export { attachPoints, type BackboneOptions, backboneOptions, backbones } from './backbones/registry.ts'
export { type BatchNormOptions, batchNormOptions } from './batch-norm-options.ts'
export {
  type CostConvention,
  costConventions,
  costLedger,
  type ExitCost,
  exitCosts,
  type LedgerRow,
  type LeftOut,
  leftOutCosts,
} from './costs.ts'
export { describeNetwork, type ModelOptions, type NetworkInput } from './describe-network.ts'
export type { Head } from './heads/head.ts'
export { type HeadOptions, headOptions, heads } from './heads/registry.ts'
export { lastExitOnly } from './last-exit.ts'
export { headsOf, withLogitSums } from './logit-sums.ts'
export type * from './network.ts'
export { parameterDescriptions } from './parameters.ts'
