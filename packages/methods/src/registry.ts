import '@mate-bench/nn/gradients'
import { BenchError, brief, didYouMean } from '@mate-bench/schema'
import { z } from 'zod'
import { baCaruana } from './ba-caruana.ts'
import { bake } from './bake.ts'
import { beed } from './beed.ts'
import { boosted } from './boosted.ts'
import { bornAgain } from './born-again.ts'
import { byot } from './byot.ts'
import { clIlr } from './cl-ilr.ts'
import { codistillation } from './codistillation.ts'
import { csKd } from './cs-kd.ts'
import { ddgsd } from './ddgsd.ts'
import { dgkd } from './dgkd.ts'
import { dks } from './dks.ts'
import { dml } from './dml.ts'
import { eed } from './eed.ts'
import { imta } from './imta.ts'
import { joint } from './joint.ts'
import { kd } from './kd.ts'
import { loth } from './loth.ts'
import { lwr } from './lwr.ts'
import { mate } from './mate.ts'
import type {
  Method,
  MethodContext,
  MethodInstance,
  MethodNeeds,
  NeedFacts,
  TrainedShapes,
} from './method.ts'
import { okddip } from './okddip.ts'
import { one } from './one.ts'
import { phuongLampert } from './phuong-lampert.ts'
import { psKd } from './ps-kd.ts'
import { sdn } from './sdn.ts'
import { snapshot } from './snapshot.ts'
import { takd } from './takd.ts'
import type { TeacherReference } from './teacher-reference.ts'
import { tfKd } from './tf-kd.ts'
import { tolerantTeacher } from './tolerant-teacher.ts'

/** Every training method, baselines first. */
export const methods: readonly Method[] = [
  joint,
  sdn,
  boosted,
  byot,
  phuongLampert,
  imta,
  dks,
  dml,
  codistillation,
  clIlr,
  one,
  eed,
  beed,
  loth,
  okddip,
  tfKd,
  csKd,
  ddgsd,
  bake,
  lwr,
  psKd,
  snapshot,
  kd,
  baCaruana,
  bornAgain,
  tolerantTeacher,
  takd,
  dgkd,
  mate,
]

/** The spec's `method`: one of the methods by name, with its own options and their defaults. */
export const methodOptions = z.discriminatedUnion('name', [
  joint.options,
  sdn.options,
  boosted.options,
  byot.options,
  phuongLampert.options,
  imta.options,
  dks.options,
  dml.options,
  codistillation.options,
  clIlr.options,
  one.options,
  eed.options,
  beed.options,
  loth.options,
  okddip.options,
  tfKd.options,
  csKd.options,
  ddgsd.options,
  bake.options,
  lwr.options,
  psKd.options,
  snapshot.options,
  kd.options,
  baCaruana.options,
  bornAgain.options,
  tolerantTeacher.options,
  takd.options,
  dgkd.options,
  mate.options,
])

export type MethodOptions = z.output<typeof methodOptions>

/** The teachers that a spec's `method` names; none of most methods. */
export function teachersOf(options: MethodOptions): readonly TeacherReference[] {
  return getMethod(options.name).teachers?.(options) ?? []
}

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

/**
 * What keeps a method from being used with so many exits; paths as in a spec. Empty when nothing does.
 * @param teacherExits how many exits each of its teachers has, where that is known
 */
export function methodProblems(
  options: MethodOptions,
  exits: number,
  teacherExits?: readonly number[],
): { path: string; message: string; hint: string }[] {
  const method = getMethod(options.name)
  if (exits < method.minimumExits) {
    return [
      {
        path: 'method.name',
        message: `Method "${method.name}" needs at least ${method.minimumExits} exits; the model has ${exits}.`,
        hint: 'Add exits to the model, or use "joint", which trains any number of exits.',
      },
    ]
  }
  const problems = method.problems?.(options, exits, teacherExits) ?? []
  return problems.map(({ option, message, hint }) => ({ path: `method.${option}`, message, hint }))
}

/** The options in the method's own spelling: what asks for the same training reads the same. */
export function canonicalMethod(options: MethodOptions): MethodOptions {
  return (getMethod(options.name).canonical?.(options) ?? options) as MethodOptions
}

/** Multiply-accumulates that a method adds to a forward pass of one image in training. */
export function methodMacs(
  options: MethodOptions,
  featureWidths: readonly number[],
  shapes: TrainedShapes,
): number {
  return getMethod(options.name).trainingMacs?.(options, featureWidths, shapes) ?? 0
}

/** What a method needs of the training loop. */
export function methodNeeds(options: MethodOptions, facts: NeedFacts): MethodNeeds {
  return getMethod(options.name).needs?.(options, facts) ?? {}
}

/** Weights of the logits that each exit predicts by, a row an exit; undefined where those are its own. */
export function methodLogitWeights(
  options: MethodOptions,
  exits: number,
): readonly (readonly number[])[] | undefined {
  return getMethod(options.name).logitWeights?.(options, exits)
}

/**
 * The `method` of a spec as it is written, with the options of the preset that it names: explicit options stay, and the
 * preset's name goes. Anything else is given back as it is.
 *
 * @param problem is told of a preset that the method does not have
 */
export function expandPreset(
  method: unknown,
  problem: (path: string, message: string, hint: string) => void,
): unknown {
  if (typeof method !== 'object' || method === null || !Object.hasOwn(method, 'preset')) return method
  const { preset: wanted, ...written } = method as { readonly name?: unknown; readonly preset: unknown }
  const found = methods.find(({ name }) => name === written.name)
  // Without a method there is nothing to look in, and the schema says what is wrong.
  if (!found) return written
  const presets = found.presets ?? []
  const chosen = presets.find(({ name }) => name === wanted)
  if (chosen) return { ...chosen.options, ...written }
  const names = presets.map(({ name }) => `"${name}"`)
  problem(
    'method.preset',
    `The method "${found.name}" has no preset ${brief(JSON.stringify(wanted) ?? 'like this')}.`,
    names.length === 0 ? 'It has none: give its options.' : `Presets: ${names.join(', ')}.`,
  )
  return written
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
