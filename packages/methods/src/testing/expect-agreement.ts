import { createRandom } from '@mate-bench/stats'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { MethodContext, MethodInstance, StepInput } from '../method.ts'
import { bindMethod, methodOptions } from '../registry.ts'
import { at, type Matrix, numericGradient } from './float64.ts'

const batch = 4
const classes = 5

/** Everything a loss depends on, as plain numbers. */
export interface ToyValues {
  /** K x [B, C] */
  readonly logits: readonly Matrix[]
  /** K x [B, D_k] */
  readonly features: readonly Matrix[]
  /** K x [B, H * W * D_k] */
  readonly maps: readonly Matrix[]
  /** The method's own parameters by name. */
  readonly parameters: Readonly<Record<string, Matrix>>
}

/**
 * A method's loss in float64. Where the method stops a gradient, the reference reads `frozen` instead of `live`;
 * both hold the same numbers, and central differences move `live` alone.
 */
export type ReferenceLoss = (
  live: ToyValues,
  frozen: ToyValues,
  targets: Matrix,
) => { readonly total: number; readonly terms: Readonly<Record<string, number>> }

export interface ToyCase {
  /** As in a spec; defaults are filled in. */
  readonly options: { readonly name: string; readonly [option: string]: unknown }
  /** D_k of each exit. */
  readonly widths: readonly number[]
  /** Height and width of each exit's last map; 2 x 2 for all unless given. */
  readonly mapSizes?: readonly number[]
  readonly epoch?: number
  readonly epochs?: number
}

export function toyContext(toy: ToyCase): MethodContext {
  return {
    exits: toy.widths.map((featureWidth, index) => {
      const size = toy.mapSizes?.at(index) ?? 2
      return { k: index + 1, featureWidth, featureMapShape: [size, size, featureWidth] }
    }),
    classes,
    epochs: toy.epochs ?? 30,
    stepsPerEpoch: 2,
    seed: 7,
  }
}

/** Binds the toy case's method with the options a spec would give. */
export function bindToy(toy: ToyCase, context = toyContext(toy)): MethodInstance {
  return bindMethod(methodOptions.parse(toy.options), context)
}

/** Numbers a float32 holds exactly, so that both implementations see the same input. */
function normals(rows: number, columns: number, stream: string, index: number): number[][] {
  const random = createRandom(11, stream, index)
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, () => Math.fround(random.normal())),
  )
}

export function toyValues(context: MethodContext, parameters: ToyValues['parameters']): ToyValues {
  return {
    logits: context.exits.map((_, k) => normals(batch, classes, 'logits', k)),
    features: context.exits.map((exit, k) => normals(batch, exit.featureWidth, 'features', k)),
    maps: context.exits.map((exit, k) => {
      const size = exit.featureMapShape.reduce((a, b) => a * b, 1)
      return normals(batch, size, 'maps', k)
    }),
    parameters,
  }
}

/** Smoothed labels 0, 1, 2, 3, as they come from label smoothing 0.1. */
export const toyTargets: Matrix = Array.from({ length: batch }, (_, b) =>
  Array.from({ length: classes }, (_, c) => Math.fround(0.02 + (b === c ? 0.9 : 0))),
)

/** The method's own parameters as plain numbers. */
export function parameterValues(instance: MethodInstance): Record<string, number[][]> {
  return Object.fromEntries(
    instance.parameters.map(({ name, variable }) => [name, variable.arraySync() as number[][]]),
  )
}

/** The values as a step's input; the tensors belong to the enclosing tidy. */
export function stepInput(values: ToyValues, context: MethodContext, epoch: number): StepInput {
  const outputs = values.logits.map((logits, k) => ({
    logits: matrix(logits),
    feature: matrix(at(values.features, k)),
    featureMap: tf.reshape(matrix(at(values.maps, k)), [batch, ...at(context.exits, k).featureMapShape]),
  }))
  return { outputs, targets: matrix(toyTargets), epoch }
}

/** The number in a scalar tensor. */
export function numberOf(scalar: tf.Scalar): number {
  return at([...scalar.dataSync()], 0)
}

function matrix(values: Matrix): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(values.flat()), [values.length, at(values, 0).length])
}

/** Gradient of the method's total in one input or parameter, [rows, columns]; zeros where nothing flows. */
export type ToyGradients = Record<string, number[][]>

/** The method's scalars and its gradients in everything, from the tensor code. */
export function runToy(
  instance: MethodInstance,
  context: MethodContext,
  values: ToyValues,
  epoch: number,
): { total: number; terms: Record<string, number>; gradients: ToyGradients } {
  return tf.tidy(() => {
    const named = toyInputs(values).map(([name, value]) => ({ name, variable: tf.variable(matrix(value)) }))
    const shaped = stepInput(values, context, epoch)
    const loss = () => {
      const byName = new Map(named.map(({ name, variable }) => [name, variable as tf.Tensor2D]))
      const outputs = shaped.outputs.map((output, k) => ({
        logits: byName.get(`logits${k + 1}`) ?? output.logits,
        feature: byName.get(`features${k + 1}`) ?? output.feature,
        featureMap: tf.reshape(byName.get(`maps${k + 1}`) ?? output.featureMap, output.featureMap.shape),
      }))
      return instance.loss({ ...shaped, outputs })
    }
    const all = [...named, ...instance.parameters]
    const { value, grads } = tf.variableGrads(
      () => loss().total,
      all.map(({ variable }) => variable),
    )
    const gradients = all.map(({ name, variable }) => {
      const gradient = grads[variable.name] ?? tf.zerosLike(variable)
      return [name, gradient.arraySync() as number[][]] as const
    })
    const terms = Object.entries(loss().terms).map(([name, term]) => [name, numberOf(term)] as const)
    for (const { variable } of named) variable.dispose()
    return {
      total: numberOf(value),
      terms: Object.fromEntries(terms),
      gradients: Object.fromEntries(gradients),
    }
  })
}

function toyInputs(values: ToyValues): [name: string, value: Matrix][] {
  return (['logits', 'features', 'maps'] as const).flatMap((kind) =>
    values[kind].map((value, k): [string, Matrix] => [`${kind}${k + 1}`, value]),
  )
}

/** The same values with one input or parameter replaced. */
function replaced(values: ToyValues, name: string, value: Matrix): ToyValues {
  const swap = (kind: string, list: readonly Matrix[]) =>
    list.map((old, k) => (name === `${kind}${k + 1}` ? value : old))
  return {
    logits: swap('logits', values.logits),
    features: swap('features', values.features),
    maps: swap('maps', values.maps),
    parameters: name in values.parameters ? { ...values.parameters, [name]: value } : values.parameters,
  }
}

/**
 * Holds a method against its float64 reference: every term and the total, the gradient of the total in every
 * logit, feature, map and parameter (to 1e-3, relative), and no tensor left behind.
 *
 * @returns the gradients, for what a test wants to say about them besides
 */
export function expectAgreement(toy: ToyCase, reference: ReferenceLoss): ToyGradients {
  const tensorsBefore = tf.memory().numTensors
  const context = toyContext(toy)
  const instance = bindToy(toy, context)
  const values = toyValues(context, parameterValues(instance))
  const actual = runToy(instance, context, values, toy.epoch ?? 0)
  instance.dispose()
  expect(tf.memory().numTensors).toBe(tensorsBefore)

  const expected = reference(values, values, toyTargets)
  expect(Object.keys(actual.terms).sort()).toEqual(Object.keys(expected.terms).sort())
  for (const [name, value] of Object.entries(expected.terms)) expectClose(actual.terms[name], value, name)
  expectClose(actual.total, expected.total, 'total')

  for (const [name, value] of [...toyInputs(values), ...Object.entries(values.parameters)]) {
    const numeric = numericGradient(
      value,
      (x) => reference(replaced(values, name, x), values, toyTargets).total,
    )
    expectSameGradient(actual.gradients[name], numeric, name)
  }
  return actual.gradients
}

/** float32 sums against float64 ones. */
function expectClose(actual: number | undefined, expected: number, name: string): void {
  const error = Math.abs((actual ?? Number.NaN) - expected)
  expect(error, `${name}: ${actual} instead of ${expected}`).toBeLessThanOrEqual(
    2e-5 * Math.max(1e-2, Math.abs(expected)),
  )
}

function expectSameGradient(actual: Matrix | undefined, expected: Matrix, name: string): void {
  const largest = Math.max(...expected.flat().map(Math.abs))
  expected.flat().forEach((value, index) => {
    const found = actual?.flat().at(index) ?? Number.NaN
    // An entry near zero is the difference of larger ones: a thousandth of the largest entry's thousandth is noise.
    const allowed = 1e-3 * Math.abs(value) + 1e-5 * largest
    expect(
      Math.abs(found - value),
      `gradient of ${name}[${index}]: ${found} instead of ${value}`,
    ).toBeLessThanOrEqual(allowed)
  })
}

/** Whether any gradient flows into the named input or parameter. */
export function flowsInto(gradients: ToyGradients, name: string): boolean {
  return (gradients[name] ?? []).flat().some((value) => value !== 0)
}
