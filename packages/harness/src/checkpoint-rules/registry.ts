/** Which epoch's weights are judged. No rule can see test data: there is nothing of it to pass in. */
import { z } from 'zod'

export const lastOptions = z.strictObject({ name: z.literal('last') })

export const bestValidationOptions = z.strictObject({
  name: z.literal('best-validation'),
  metric: z
    .enum(['mean-top1', 'last-top1'])
    .default('mean-top1')
    .describe('Top-1 on the validation split: the mean over exits, or the last exit alone.'),
})

export const checkpointOptions = z
  .discriminatedUnion('name', [lastOptions, bestValidationOptions])
  .default({ name: 'last' })

export type CheckpointOptions = z.output<typeof checkpointOptions>

/**
 * Whether an epoch's weights replace the ones kept so far. A tie keeps the earlier epoch.
 * @param validationTop1 one per exit, shallowest first
 * @param best score of the weights kept so far
 */
export function judgeEpoch(
  rule: CheckpointOptions,
  validationTop1: readonly number[],
  best: number | undefined,
): { keep: boolean; score: number | undefined } {
  if (rule.name === 'last') return { keep: true, score: undefined }
  const score =
    rule.metric === 'last-top1'
      ? (validationTop1.at(-1) ?? 0)
      : validationTop1.reduce((sum, value) => sum + value, 0) / validationTop1.length
  return best === undefined || score > best ? { keep: true, score } : { keep: false, score: best }
}
