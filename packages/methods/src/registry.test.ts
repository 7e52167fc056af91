import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { getMethod, methodOptions, methodProblems, methods } from './registry.ts'
import {
  bindToy,
  numberOf,
  parameterValues,
  runToy,
  stepInput,
  toyContext,
  toyNeeds,
  toyValues,
} from './testing/expect-agreement.ts'

const names = methods.map((method) => method.name)

/** What is thrown when `act` runs. */
function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (thrown) {
    return thrown
  }
  return undefined
}

describe('registry', () => {
  test('lists every method', () => {
    expect(names).toEqual([
      'joint',
      'sdn',
      'boosted',
      'byot',
      'phuong-lampert',
      'imta',
      'dks',
      'dml',
      'codistillation',
      'cl-ilr',
      'one',
      'eed',
      'beed',
      'loth',
      'okddip',
      'tf-kd',
      'cs-kd',
      'ddgsd',
      'bake',
      'lwr',
      'ps-kd',
      'snapshot',
      'kd',
      'ba-caruana',
      'born-again',
      'tolerant-teacher',
      'takd',
      'dgkd',
      'mate',
    ])
  })

  test('finds a method by name, and suggests the nearest name', () => {
    expect(getMethod('mate').title).toContain('MATE')
    const thrown = thrownBy(() => getMethod('bytot'))
    expect(thrown).toBeInstanceOf(BenchError)
    expect(thrown).toMatchObject({ code: 'not-found', path: 'method.name', hint: 'Did you mean "byot"?' })
    expect(thrownBy(() => getMethod('supervised'))).toMatchObject({ hint: `Methods: ${names.join(', ')}.` })
  })

  test('refuses a single exit where exits teach one another', () => {
    const refusing = names.filter(
      (name) => methodProblems(methodOptions.parse({ name }), 1)[0]?.path === 'method.name',
    )
    expect(names.filter((name) => !refusing.includes(name))).toEqual([
      'joint',
      'tf-kd',
      'cs-kd',
      'ddgsd',
      'bake',
      'lwr',
      'ps-kd',
      'snapshot',
      'kd',
      'ba-caruana',
      'born-again',
      'tolerant-teacher',
      'takd',
      'dgkd',
    ])
    expect(() => bindToy({ options: { name: 'mate' }, widths: [4] })).toThrow(
      expect.objectContaining({
        code: 'bad-spec',
        message: 'Method "mate" needs at least 2 exits; the model has 1.',
      }),
    )
  })
})

describe.each(names)('%s', (name) => {
  test('needs nothing but its name, and has a default and a description for every option', () => {
    expect(methodOptions.parse({ name })).toMatchObject({ name })
    const schema = z.toJSONSchema(getMethod(name).options, { io: 'input' })
    expect(schema.required).toEqual(['name'])
    for (const [option, described] of Object.entries(schema.properties ?? {})) {
      if (option === 'name') continue
      expect(described, option).toHaveProperty('default')
      expect(described, option).toHaveProperty('description')
    }
  })

  test('refuses an option it does not have', () => {
    expect(methodOptions.safeParse({ name, temprature: 3 }).success).toBe(false)
  })

  const toy = { options: { name }, widths: [3, 5, 5, 5] }

  test('gives the same bytes for the same seed, and other parameters for another', () => {
    const run = (seed: number) => {
      const context = { ...toyContext(toy), seed }
      const instance = bindToy(toy, context)
      const parameters = parameterValues(instance)
      const result = runToy(instance, context, toyValues(context, parameters, toyNeeds(toy)), 1)
      instance.dispose()
      return { parameters, result }
    }
    const first = run(1)
    expect(run(1)).toEqual(first)
    if (Object.keys(first.parameters).length > 0) expect(run(2).parameters).not.toEqual(first.parameters)
  })

  test('lowers its own loss when its parameters and the exits follow the gradient', () => {
    const context = toyContext(toy)
    const instance = bindToy(toy, context)
    const values = toyValues(context, {}, toyNeeds(toy))
    const before = tf.memory().numTensors
    const [start, end] = tf.tidy(() => {
      const logits = stepInput(values, context, 0).outputs.map((output) => tf.variable(output.logits))
      const total = () => {
        const input = stepInput(values, context, 0)
        const outputs = input.outputs.map((output, k) => ({ ...output, logits: logits[k] ?? output.logits }))
        return instance.loss({ ...input, outputs }).total
      }
      const variables = [...logits, ...instance.parameters.map(({ variable }) => variable)]
      const start = numberOf(total())
      for (let step = 0; step < 5; step++) {
        const { grads } = tf.variableGrads(total, variables)
        for (const variable of variables) {
          const gradient = grads[variable.name]
          if (gradient) variable.assign(tf.sub(variable, tf.mul(gradient, 0.05)))
        }
      }
      const end = numberOf(total())
      for (const variable of logits) variable.dispose()
      return [start, end]
    })
    expect(tf.memory().numTensors).toBe(before)
    instance.dispose()
    expect(end).toBeLessThan(start)
  })

  test('stays finite for logits as far apart as float32 training makes them', () => {
    const context = toyContext(toy)
    const instance = bindToy(toy, context)
    const values = toyValues(context, parameterValues(instance), toyNeeds(toy))
    const extreme = {
      ...values,
      logits: values.logits.map((z, k) =>
        z.map((row) => row.map((value) => Math.fround(value * (k % 2 ? 1e4 : -1e4)))),
      ),
    }
    const { total, gradients } = runToy(instance, context, extreme, 100)
    instance.dispose()
    expect(Number.isFinite(total)).toBe(true)
    expect(Object.values(gradients).flat(2).every(Number.isFinite)).toBe(true)
  })
})
