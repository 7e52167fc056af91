export { type RunTier, runTiers, type Tier, tiers } from '@mate-bench/schema'
