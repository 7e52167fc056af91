import { createRandom } from '@mate-bench/stats'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { MethodContext, MethodInstance, MethodNeeds, StepInput } from '../method.ts'
import { bindMethod, methodNeeds, methodOptions } from '../registry.ts'
import { at, type Matrix, numericGradient } from './float64.ts'

const batch = 4
const classes = 5

/** Everything a loss depends on, as plain numbers. R is the batch, with a row for each view and partner. */
export interface ToyValues {
  /** K x [R, C] */
  readonly logits: readonly Matrix[]
  /** K x [R, D_k] */
  readonly features: readonly Matrix[]
  /** K x [R, H * W * D_k] */
  readonly maps: readonly Matrix[]
  /** [R, C], and the class of each row. */
  readonly targets: Matrix
  readonly labels: readonly number[]
  /** What is remembered of the images, [B, numbersPerImage]; where the method needs it. */
  readonly memory?: Matrix
  /** Logits for the partners in a pass apart, K x [B * count, C]; where the method needs them. */
  readonly partnerLogits?: readonly Matrix[]
  /** Logits of the frozen copy, K x [R, C], and after how many epochs there is one; where the method needs it. */
  readonly copyLogits?: readonly Matrix[]
  readonly copyFrom?: number
  /** What teachers say of the images: teachers x K x [B, C]. Constants: no gradient is taken in them. */
  readonly teachers: readonly (readonly Matrix[])[]
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
  /** Channels of each exit's last map; D_k unless given. */
  readonly mapChannels?: readonly number[]
  readonly epoch?: number
  readonly epochs?: number
  /** Parameters whose gradient is zero by the loss's own algebra, of which float32 leaves rounding. */
  readonly cancelling?: readonly string[]
}

/** How many teachers say something of a toy batch, each with as many exits as the student; most methods ask none. */
const toyTeachers = 3

export function toyContext(toy: ToyCase): MethodContext {
  return {
    exits: toy.widths.map((featureWidth, index) => {
      const size = toy.mapSizes?.at(index) ?? 2
      const channels = toy.mapChannels?.at(index) ?? featureWidth
      return { k: index + 1, featureWidth, featureMapShape: [size, size, channels] }
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

/** What the toy case's method needs of a training loop. */
export function toyNeeds(toy: ToyCase, context = toyContext(toy)): MethodNeeds {
  const facts = { exits: context.exits.length, classes, epochs: context.epochs }
  return methodNeeds(methodOptions.parse(toy.options), facts)
}

export function toyValues(
  context: MethodContext,
  parameters: ToyValues['parameters'],
  needs: MethodNeeds = {},
): ToyValues {
  const { views = 1, partners, memory, copy } = needs
  const together = partners?.pass === 'together' ? partners.count : 0
  const images = toyTargets.map((_, b) => b)
  const owners = [
    ...Array.from({ length: views }, () => images).flat(),
    ...images.flatMap((b) => Array.from({ length: together }, () => b)),
  ] // [R]: whose class each row has
  const rows = owners.length
  const logits = (stream: string, count: number) =>
    context.exits.map((_, k) => normals(count, classes, stream, k))
  const copyFrom = Array.from({ length: context.epochs }, (_, e) => e + 1).find((e) => copy?.isTaken(e))
  return {
    logits: logits('logits', rows),
    features: context.exits.map((exit, k) => normals(rows, exit.featureWidth, 'features', k)),
    maps: context.exits.map((exit, k) => {
      const size = exit.featureMapShape.reduce((a, b) => a * b, 1)
      return normals(rows, size, 'maps', k)
    }),
    targets: owners.map((b) => at(toyTargets, b)),
    labels: owners,
    ...(memory ? { memory: normals(batch, memory.numbersPerImage, 'memory', 0) } : {}),
    ...(partners?.pass === 'apart' ? { partnerLogits: logits('partners', batch * partners.count) } : {}),
    ...(copy && copyFrom !== undefined ? { copyLogits: logits('copy', rows), copyFrom } : {}),
    teachers: Array.from({ length: toyTeachers }, (_, i) =>
      context.exits.map((_exit, k) => normals(batch, classes, `teacher${i}`, k)),
    ),
    parameters,
  }
}

/** Smoothed labels 0, 1, 2, 3, as they come from label smoothing 0.1. */
export const toyTargets: Matrix = Array.from({ length: batch }, (_, b) =>
  Array.from({ length: classes }, (_, c) => Math.fround(0.02 + (b === c ? 0.9 : 0))),
)

/** A tensor's values in rows as long as its last axis; a vector or scalar is one row. */
function rowsOf(tensor: tf.Tensor): number[][] {
  const values = [...tensor.dataSync()]
  const width = tensor.shape.at(-1) ?? 1
  return Array.from({ length: values.length / width }, (_, row) =>
    values.slice(row * width, (row + 1) * width),
  )
}

/** The method's own parameters as plain numbers. */
export function parameterValues(instance: MethodInstance): Record<string, number[][]> {
  return Object.fromEntries(instance.parameters.map(({ name, variable }) => [name, rowsOf(variable)]))
}

/** The values as a step's input; the tensors belong to the enclosing tidy. */
export function stepInput(values: ToyValues, context: MethodContext, epoch: number): StepInput {
  const { memory, partnerLogits, copyLogits, copyFrom = Number.POSITIVE_INFINITY } = values
  const outputs = values.logits.map((logits, k) => ({
    logits: matrix(logits),
    feature: matrix(at(values.features, k)),
    featureMap: tf.reshape(matrix(at(values.maps, k)), [-1, ...at(context.exits, k).featureMapShape]),
  }))
  const further = (logits: readonly Matrix[]) =>
    logits.map((z) => ({ logits: matrix(z), feature: matrix(z), featureMap: matrix(z) }))
  return {
    outputs,
    targets: matrix(values.targets),
    labels: tf.tensor1d([...values.labels], 'int32'),
    epoch,
    teachers: values.teachers.map(further),
    ...(memory ? { memory: matrix(memory) } : {}),
    ...(partnerLogits ? { partners: further(partnerLogits) } : {}),
    ...(copyLogits && epoch >= copyFrom ? { copy: further(copyLogits) } : {}),
  }
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
      return [name, rowsOf(gradient)] as const
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
    ...values,
    logits: swap('logits', values.logits),
    features: swap('features', values.features),
    maps: swap('maps', values.maps),
    teachers: values.teachers,
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
  const values = toyValues(context, parameterValues(instance), toyNeeds(toy, context))
  const actual = runToy(instance, context, values, toy.epoch ?? 0)
  instance.dispose()
  expect(tf.memory().numTensors).toBe(tensorsBefore)

  const expected = reference(values, values, values.targets)
  expect(Object.keys(actual.terms).sort()).toEqual(Object.keys(expected.terms).sort())
  for (const [name, value] of Object.entries(expected.terms)) expectClose(actual.terms[name], value, name)
  expectClose(actual.total, expected.total, 'total')

  for (const [name, value] of [...toyInputs(values), ...Object.entries(values.parameters)]) {
    const numeric = numericGradient(
      value,
      (x) => reference(replaced(values, name, x), values, values.targets).total,
    )
    if (toy.cancelling?.includes(name)) expectRounding(actual.gradients[name], numeric, name)
    else expectSameGradient(actual.gradients[name], numeric, name)
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

function expectRounding(actual: Matrix | undefined, expected: Matrix, name: string): void {
  const largest = (gradient: Matrix) => Math.max(...gradient.flat().map(Math.abs))
  expect(largest(expected), name).toBeLessThan(1e-9)
  expect(largest(actual ?? [[Number.NaN]]), name).toBeLessThan(1e-7)
}

/** Whether any gradient flows into the named input or parameter. */
export function flowsInto(gradients: ToyGradients, name: string): boolean {
  return (gradients[name] ?? []).flat().some((value) => value !== 0)
}
