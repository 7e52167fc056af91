import type { GradientScale } from '@mate-bench/nn'

/**
 * Gradient equilibrium: where exit k of K leaves the backbone, its head's gradient counts 1 / (K - k + 1) and that of the
 * backbone behind it (K - k) / (K - k + 1). Every layer then gets the mean, and not the sum, of what the exits behind it send
 * back, so that layers which many exits share do not take larger steps.
 *
 * Li, Zhang, Qi, Yang, Huang, "Improved Techniques for Training Adaptive Deep Networks", ICCV 2019; in the
 * authors' code two rescalings by 1 / (K - i) and K - i - 1, i from 0 (github.com/kalviny/IMTA at 0e82bec,
 * models/msdnet_ge.py).
 */
export function gradientEquilibrium(exits: number): GradientScale[] {
  return Array.from({ length: exits }, (_, index) => {
    const behind = exits - index
    return { head: 1 / behind, onward: (behind - 1) / behind }
  })
}
