import '@mate-bench/nn/gradients'
import { BenchError, didYouMean } from '@mate-bench/schema'
import { z } from 'zod'
import { beed } from './beed.ts'
import { byot } from './byot.ts'
import { dks } from './dks.ts'
import { eed } from './eed.ts'
import { joint } from './joint.ts'
import { mate } from './mate.ts'
import type { Method, MethodContext, MethodInstance, MethodNeeds, NeedFacts } from './method.ts'
import { okddip } from './okddip.ts'
import { phuongLampert } from './phuong-lampert.ts'
import { psKd } from './ps-kd.ts'

/** Every training method, baselines first. */
export const methods: readonly Method[] = [joint, byot, phuongLampert, dks, eed, beed, okddip, psKd, mate]

/** The spec's `method`: one of the methods by name, with its own options and their defaults. */
export const methodOptions = z.discriminatedUnion('name', [
  joint.options,
  byot.options,
  phuongLampert.options,
  dks.options,
  eed.options,
  beed.options,
  okddip.options,
  psKd.options,
  mate.options,
])

export type MethodOptions = z.output<typeof methodOptions>

/**
 * The method of that name.
 *
 * @throws BenchError `not-found`, with the nearest name or the list of names as hint
 */
export function getMethod(name: string): Method {
  const method = methods.find((candidate) => candidate.name === name)
  if (method) return method
  const names = methods.map((candidate) => candidate.name)
  const near = didYouMean(name, names)
  throw new BenchError({
    code: 'not-found',
    message: `There is no method "${name}".`,
    path: 'method.name',
    hint: near === undefined ? `Methods: ${names.join(', ')}.` : `Did you mean "${near}"?`,
  })
}

/** What keeps a method from being used with so many exits; paths as in a spec. Empty when nothing does. */
export function methodProblems(
  options: MethodOptions,
  exits: number,
): { path: string; message: string; hint: string }[] {
  const method = getMethod(options.name)
  if (exits < method.minimumExits) {
    return [
      {
        path: 'method.name',
        message: `Method "${method.name}" needs at least ${method.minimumExits} exits, the model has ${exits}.`,
        hint: 'Add exits to the model, or use "joint", which trains any number of exits.',
      },
    ]
  }
  const problems = method.problems?.(options, exits) ?? []
  return problems.map(({ option, message, hint }) => ({ path: `method.${option}`, message, hint }))
}

/** Multiply-accumulates that a method adds to a forward pass of one image in training. */
export function methodMacs(options: MethodOptions, featureWidths: readonly number[]): number {
  return getMethod(options.name).trainingMacs?.(options, featureWidths) ?? 0
}

/** What a method needs of the training loop. */
export function methodNeeds(options: MethodOptions, facts: NeedFacts): MethodNeeds {
  return getMethod(options.name).needs?.(options, facts) ?? {}
}

/**
 * Binds a method to a run. The instance owns variables: dispose it.
 *
 * @throws BenchError `bad-spec` where `methodProblems` finds any
 */
export function bindMethod(options: MethodOptions, context: MethodContext): MethodInstance {
  const [problem] = methodProblems(options, context.exits.length)
  if (problem) throw new BenchError({ code: 'bad-spec', ...problem })
  return getMethod(options.name).bind(options, context)
}
