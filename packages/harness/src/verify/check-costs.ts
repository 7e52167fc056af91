import { canonicalJson } from '@mate-bench/provenance'
import type { Manifest } from '@mate-bench/schema'
import { describeModel } from '../manifest.ts'
import { planSpec } from '../plan.ts'
import type { Spec } from '../spec.ts'
import { type Report, same } from './check.ts'

/** Counts costs and parameters of every exit again, from the network that the spec describes. */
export async function checkCosts(spec: Spec, manifest: Manifest, report: Report): Promise<void> {
  await report.check('costs and parameters', () => {
    const { network, trainingMacsPerImage } = planSpec(spec)
    const model = describeModel(network)
    same(canonicalJson(manifest.model), canonicalJson(model))
    const claimed = manifest.training.trainingMacsPerImage
    if (claimed !== undefined)
      same(`${claimed} MACs an image in training`, `${trainingMacsPerImage} MACs an image in training`)
    return `${model.parameters} parameters, ${model.exits.at(-1)?.sequentialMacs} sequential MACs at the last exit`
  })
}
