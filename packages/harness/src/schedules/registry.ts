import { z } from 'zod'
import { constantFactor, constantOptions } from './constant.ts'
import { cosineFactor, cosineOptions } from './cosine.ts'
import { cyclicCosineFactor, cyclicCosineOptions } from './cyclic-cosine.ts'
import { multiStepFactor, multiStepOptions } from './multi-step.ts'
import type { Progress } from './schedule.ts'

export const scheduleOptions = z.discriminatedUnion('name', [
  multiStepOptions,
  cosineOptions,
  cyclicCosineOptions,
  constantOptions,
])

export type ScheduleOptions = z.output<typeof scheduleOptions>

/** What the learning rate is multiplied by at a step; in [0, 1]. */
export function scheduleFactor(options: ScheduleOptions, progress: Progress): number {
  switch (options.name) {
    case 'multi-step':
      return multiStepFactor(options, progress)
    case 'cosine':
      return cosineFactor(options, progress)
    case 'cyclic-cosine':
      return cyclicCosineFactor(options, progress)
    case 'constant':
      return constantFactor(options, progress)
  }
}
