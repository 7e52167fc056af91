import { z } from 'zod'

type Named = z.ZodType<{ name: string }>

/** The parts of a spec that other packages define: each backbone, head, method, ... owns its own options. */
export interface SpecVariants {
  readonly dataset: Named
  readonly backbone: Named
  readonly head: Named
  readonly method: Named
  readonly optimizer: Named
  readonly schedule: Named
  readonly augmentation: Named
  readonly checkpoint: Named
}

export const maximumSeed = 0xffffffff

/** Most specs of teachers that may travel with a spec. */
export const maximumTeacherSpecs = 16

/** How a finished network may be judged. `anytime` is always reported; the others add to it. */
export const protocolNames = ['anytime', 'budgeted', 'risk-controlled'] as const

export type ProtocolName = (typeof protocolNames)[number]

const seed = z
  .int()
  .min(0)
  .max(maximumSeed)
  .describe('Seed of one run: it determines initial weights, order and augmentation.')

/**
 * In which order backbone and heads are trained. Kubaty et al., "How to Train Your Multi-Exit Model? Analyzing the Impact
 * of Training Strategies", ICML 2025, section 3.
 */
function defineRegimes<const S extends Named>(schedule: S) {
  const backbone = z
    .strictObject({
      epochs: z.int().min(1).max(10_000).describe('How many of training.epochs belong to the first phase.'),
      schedule: schedule.describe(
        'Schedule of the first phase, over its own epochs; training.schedule is that of the second.',
      ) as S,
    })
    .describe('The first phase: the backbone and the last exit alone, on the labels.')
  return z
    .discriminatedUnion('name', [
      z
        .strictObject({ name: z.literal('joint') })
        .describe('Everything at once, from scratch: the same as no regime.'),
      z
        .strictObject({ name: z.literal('disjoint'), backbone })
        .describe('The backbone first, then the earlier heads alone, with the backbone frozen.'),
      z
        .strictObject({ name: z.literal('mixed'), backbone })
        .describe('The backbone first, then everything, with a new optimiser.'),
    ])
    .optional()
    .describe('In which order backbone and heads are trained; joint if absent.')
}

/** The spec's frame, schemaVersion 1. Generic over the variants, so that the types of `Spec` are exact. */
export function defineSpecSchema<const V extends SpecVariants>(variants: V) {
  return z.strictObject({
    $schema: z
      .string()
      .max(1000)
      .optional()
      .describe('Path of the JSON Schema, for editors. Not part of the digest.'),
    schemaVersion: z.literal(1).describe('Version of this format.'),
    name: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Expected lower-case words of letters and digits joined by "-"')
      .max(64)
      .describe('Short name for folders and tables, such as "cifar100-resnet18-mate".'),
    description: z.string().max(2000).optional().describe('What the spec is for, in plain words.'),
    dataset: variants.dataset as V['dataset'],
    model: z.strictObject({
      backbone: variants.backbone as V['backbone'],
      exits: z
        .array(z.strictObject({ after: z.string().max(64).describe('Attach point in the backbone.') }))
        .min(1)
        .max(64)
        .describe(
          'Where the exits attach, shallowest first; the last one is the end of the backbone. A single exit may attach earlier; the network then ends there.',
        ),
      head: variants.head as V['head'],
    }),
    method: variants.method as V['method'],
    training: z.strictObject({
      epochs: z.int().min(1).max(10_000).describe('Passes over the training split, all phases together.'),
      regime: defineRegimes(variants.schedule as V['schedule']),
      batchSize: z.int().min(1).max(65_536).describe('Images in one step.'),
      optimizer: variants.optimizer as V['optimizer'],
      schedule: variants.schedule as V['schedule'],
      augmentation: z
        .array(variants.augmentation as V['augmentation'])
        .max(8)
        .default([])
        .describe('Applied to training images, in this order.'),
      labelSmoothing: z
        .number()
        .min(0)
        .lt(1)
        .default(0)
        .describe('Share of the target that is spread over all classes.'),
      gradientClipping: z
        .number()
        .positive()
        .max(1_000_000)
        .nullable()
        .default(null)
        .describe('Largest global norm of the gradient; null for none.'),
    }),
    evaluation: z.strictObject({
      checkpoint: (variants.checkpoint as V['checkpoint']).describe('Which weights are evaluated.'),
      protocols: z
        .array(z.enum(protocolNames))
        .min(1)
        .max(protocolNames.length)
        .refine((names) => new Set(names).size === names.length, { error: 'Each protocol is named once.' })
        .default(['anytime'])
        .describe('How they are evaluated.'),
    }),
    seeds: z.array(seed).min(1).max(100).describe('One run each.'),
    teacherSpecs: z
      .array(z.looseObject({ name: z.string().max(64) }))
      .min(1)
      .max(maximumTeacherSpecs)
      .optional()
      .describe(
        "Specs of the method's teachers, and of theirs. Not part of the digest: the method names each by its own digest. If a teacher is named by a path, this is filled in.",
      ),
  })
}

/** What a spec's digest is of: all of it but the editor's schema and the specs that only travel with it. */
export function digestedContent<S extends { $schema?: unknown; teacherSpecs?: unknown }>(
  spec: S,
): Omit<S, '$schema' | 'teacherSpecs'> {
  const { $schema: _, teacherSpecs: __, ...content } = spec
  return content
}

/** What every spec is, whatever the variants: enough to read a manifest without the packages behind it. */
export const specFrame = defineSpecSchema({
  dataset: z.looseObject({ name: z.string() }),
  backbone: z.looseObject({ name: z.string() }),
  head: z.looseObject({ name: z.string() }),
  method: z.looseObject({ name: z.string() }),
  optimizer: z.looseObject({ name: z.string() }),
  schedule: z.looseObject({ name: z.string() }),
  augmentation: z.looseObject({ name: z.string() }),
  checkpoint: z.looseObject({ name: z.string() }),
})

export type SpecFrame = z.output<typeof specFrame>

/** Digests of the specs whose runs teach, in the order in which a spec's method names them; none of most methods. */
export function teacherDigests({ method }: { readonly method: object }): string[] {
  const several: unknown = Reflect.get(method, 'teachers')
  const named: unknown[] = [Reflect.get(method, 'teacher'), ...(Array.isArray(several) ? several : [])]
  return named.flatMap((reference) => {
    const digest: unknown =
      typeof reference === 'object' && reference !== null ? Reflect.get(reference, 'specDigest') : undefined
    return typeof digest === 'string' ? [digest] : []
  })
}
