import type { Exit, Network, Node } from './network.ts'

/** Names of the nodes that some of the exits depend on. */
export function reachable(nodes: readonly Node[], exits: readonly Exit[]): Set<string> {
  const needed = new Set(exits.flatMap(({ featureMap, feature, logits }) => [featureMap, feature, logits]))
  for (const node of nodes.toReversed()) {
    if (needed.has(node.name)) for (const input of node.inputs) needed.add(input)
  }
  return needed
}

/** The network up to its last exit, without the heads before it: names, and the exit's number, stay. */
export function lastExitOnly(network: Network): Network {
  const exits = network.exits.slice(-1)
  const needed = reachable(network.nodes, exits)
  return { ...network, nodes: network.nodes.filter(({ name }) => needed.has(name)), exits }
}
