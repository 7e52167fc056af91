import type { Exit, Network } from './network.ts'

/**
 * A network whose exits predict by weighted sums of their own and earlier exits' logits, as additive models do. Costs
 * count the heads that an exit reads, and a model's forward pass gives the sums wherever it does not train.
 *
 * @param weights one row an exit; row k weighs the logits of exits 1..k. Undefined leaves the network as it is
 */
export function withLogitSums(
  network: Network,
  weights: readonly (readonly number[])[] | undefined,
): Network {
  if (weights === undefined) return network
  return {
    ...network,
    exits: network.exits.map((exit, index) => ({ ...exit, logitWeights: weights[index] ?? [1] })),
  }
}

/** Numbers of the exits whose heads exit k runs to predict, when it alone is asked; ascending, k last. */
export function headsOf({ k, logitWeights }: Exit): number[] {
  const read = (logitWeights ?? []).flatMap((weight, index) => (weight === 0 ? [] : [index + 1]))
  return [...new Set([...read, k])]
}
