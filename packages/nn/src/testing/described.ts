import { attachPoints, backboneOptions } from '../describe/backbones/registry.ts'
import { costLedger } from '../describe/costs.ts'
import { describeNetwork } from '../describe/describe-network.ts'
import { headOptions } from '../describe/heads/registry.ts'
import type { MapShape, Network } from '../describe/network.ts'

export type Named = { readonly name: string } & Readonly<Record<string, unknown>>

export const imagenet = { inputShape: [224, 224, 3], classes: 1000 } as const
export const cifar100 = { inputShape: [32, 32, 3], classes: 100 } as const

/** Without `after`, one exit at the backbone's end: the plain network. */
export function described(
  model: { backbone: Named; head?: Named; after?: readonly string[] },
  input: { inputShape: MapShape; classes: number },
): Network {
  const backbone = backboneOptions.parse(model.backbone)
  const head = headOptions.parse(model.head ?? { name: 'linear' })
  const after = model.after ?? attachPoints(backbone).slice(-1)
  return describeNetwork({ backbone, head, exits: after.map((point) => ({ after: point })) }, input)
}

/** [MACs, trainable parameters] of the backbone alone, from the image to each exit. */
export function prefixCosts(network: Network): [macs: number, parameters: number][] {
  const ledger = costLedger(network, 'macs')
  return network.exits.map(({ k }) => {
    let [macs, parameters] = [0, 0]
    for (const [index, { owner }] of network.nodes.entries()) {
      if (owner.part !== 'backbone' || owner.segment > k) continue
      macs += ledger[index]?.macs ?? Number.NaN
      parameters += ledger[index]?.parameters ?? Number.NaN
    }
    return [macs, parameters]
  })
}
