/**
 * SDN, shallow-deep networks: the last exit learns as ever, and the labels of earlier exits gain weight as training goes on.
 *
 * Kaya, Hong, Dumitras, "Shallow-Deep Networks: Understanding and Mitigating Network Overthinking", ICML 2019,
 * arXiv:1810.07052:
 *
 *   L = CE(z_K, y) + sum_{k<K} tau_k(e) CE(z_k, y),   tau_k(e) = min(m_k, 0.01 + m_k e / E),  e from 1 to E
 *
 * as in the authors' code (github.com/yigitcankaya/Shallow-Deep-Networks at 0383373, model_funcs.py: sdn_train). m_k is
 * where the exit stands: six internal classifiers at 15, 30, ... 90 % of the network's cost have m = 0.15, 0.30, ... 0.90.
 * Here m_k = k / K unless `maximumWeights` says otherwise (K = 7 outputs in the source: 0.14, 0.29, ...).
 *
 * `internalClassifiers` is the paper's other way: the network is trained first and stays as it is, and the internal
 * classifiers are trained on it, each with weight 1 (sdn_ic_only_step). That is this option in the training regime
 * `disjoint`, as `bench-specs/cifar100/resnet18-sdn-internal.json` has it; the source's 25 epochs of Adam at 0.001 become
 * SGD there, since the phases of a run share one optimiser. In the regime `joint` both happen at once: nothing flows from the
 * heads of exits 1..K-1 into the backbone, which learns from the last exit alone.
 *
 * Not copied: the code has the network in training mode in both ways. There batch norm of a backbone that is otherwise left as
 * it is sees the statistics of the batch, and its running averages go on moving; here, in the regime `disjoint`, it runs in
 * evaluation mode and nothing of it moves.
 */
import { z } from 'zod'
import { exitCrossEntropies, exitTerms, total, weighted } from './exit-terms.ts'
import type { Method } from './method.ts'
import { lossWeight } from './option-ranges.ts'

const options = z.strictObject({
  name: z.literal('sdn'),
  training: z
    .enum(['together', 'internalClassifiers'])
    .default('together')
    .describe(
      'together: all exits train the backbone, with growing weights; internalClassifiers: the last exit alone trains it, and the other heads are trained on its features.',
    ),
  maximumWeights: z
    .array(lossWeight)
    .max(63)
    .nullable()
    .default(null)
    .describe('together: largest weight m_k of exits 1..K-1, shallowest first; null is k / K.'),
})

/** What every weight begins with. */
const initialWeight = 0.01

export const sdn: Method<typeof options> = {
  name: 'sdn',
  title: 'Shallow-deep network (SDN)',
  citation:
    'Y. Kaya, S. Hong, T. Dumitras. Shallow-Deep Networks: Understanding and Mitigating Network Overthinking. ICML 2019. https://arxiv.org/abs/1810.07052',
  summary:
    'The losses of earlier exits gain weight during training, up to each exit’s relative depth; or the backbone learns from the last exit alone and the earlier exits are trained on top of it.',
  options,
  minimumExits: 2,

  problems({ maximumWeights }, exits) {
    if (maximumWeights === null || maximumWeights.length === exits - 1) return []
    return [
      {
        option: 'maximumWeights',
        message: `There are ${maximumWeights.length} weights for the ${exits - 1} exits before the last.`,
        hint: 'Give one weight for each exit but the last, shallowest first, or null.',
      },
    ]
  },

  needs({ training }, { exits }) {
    if (training === 'together') return {}
    return {
      gradientScales: Array.from({ length: exits }, (_, k) => ({ head: k === exits - 1 ? 1 : 0, onward: 1 })),
    }
  },

  bind({ training, maximumWeights }, context) {
    const exits = context.exits.length
    const maximum = maximumWeights ?? Array.from({ length: exits - 1 }, (_, index) => (index + 1) / exits)
    const weightsAt = (epoch: number) => {
      if (training === 'internalClassifiers') return maximum.map(() => 1)
      const share = (Math.floor(epoch) + 1) / context.epochs
      return maximum.map((most) => Math.min(most, initialWeight + most * share))
    }
    return {
      parameters: [],
      loss(input) {
        const ce = exitCrossEntropies(input)
        const weights = [...weightsAt(input.epoch), 1]
        const labels = ce.map((loss, index) => weighted(loss, weights[index] ?? 1))
        return { total: total(labels), terms: exitTerms('ce', ce) }
      },
      dispose() {},
    }
  },
}
