/**
 * Ranges that options of several methods share. They are far wider than anything that was ever published, and narrow
 * enough that a loss in float32 and the memory of a training step stay finite.
 */
import { z } from 'zod'

/**
 * An option that a method gained after runs with it were published. A spec that does not name it stays without it, so that
 * its digest is the one of before; the method takes `fallback`, which documents and schemas show as the default. A method
 * with such options spells each training one way (`Method.canonical`).
 */
export function laterOption<S extends z.ZodType>(
  schema: S,
  fallback: z.output<S>,
  description: string,
): z.ZodOptional<S> {
  return schema.optional().meta({ default: fallback, description })
}

/** Softening of a softmax: beyond these bounds float32 has one class, or no difference between classes, left of it. */
export const temperature = z.number().min(0.01).max(1000)

/** Weight of a term of the loss. */
export const lossWeight = z.number().min(0).max(1000)

/** Width of queries and keys of an attention over exits; no network here has wider features. */
export const keyDimension = z.int().min(1).max(4096)

/** As many epochs as a run may have. */
export const rampUpEpochsRange = z.number().min(0).max(10_000)
