import { expect, it } from 'vitest'
import { z } from 'zod'
import { problemsFromIssues } from './problems.ts'

const schema = z.strictObject({
  method: z.discriminatedUnion('name', [
    z.strictObject({ name: z.literal('mate'), temperature: z.number().positive().default(3) }),
    z.strictObject({ name: z.literal('joint') }),
  ]),
  epochs: z.int().min(1).max(100),
  rule: z.enum(['last', 'best']),
  seeds: z.array(z.int()).min(1),
})

function problems(input: unknown) {
  const parsed = schema.safeParse(input)
  return parsed.success ? [] : problemsFromIssues(parsed.error.issues, schema, input)
}

it('reports every problem at once, each with its path, what was expected and what was found', () => {
  const found = problems({
    method: { name: 'mate', temprature: 3, temperature: 0 },
    epochs: 0,
    rule: 'lats',
    seeds: [],
    extra: 1,
  })
  expect(found).toEqual(
    expect.arrayContaining([
      { path: 'method.temperature', message: 'Expected a number above 0, found 0.' },
      {
        path: 'method.temprature',
        message: 'There is no option "temprature" here.',
        hint: 'Did you mean "temperature"?',
      },
      { path: 'epochs', message: 'Expected a number of at least 1, found 0.' },
      {
        path: 'rule',
        message: 'Expected one of "last", "best", found "lats".',
        hint: 'Did you mean "last"?',
      },
      { path: 'seeds', message: 'Expected at least 1 items, found a list of 0 items.' },
      expect.objectContaining({ path: 'extra', message: 'There is no option "extra" here.' }),
    ]),
  )
  expect(found).toHaveLength(6)
})

it('names the variants for a name that none has, and the nearest', () => {
  const base = { epochs: 1, rule: 'last', seeds: [1] }
  expect(problems({ ...base, method: { name: 'meta' } })).toEqual([
    {
      path: 'method.name',
      message: 'Expected one of "mate", "joint", found "meta".',
      hint: 'Did you mean "mate"?',
    },
  ])
  expect(problems({ ...base, method: {} })).toEqual([
    expect.objectContaining({
      path: 'method.name',
      message: 'Expected one of "mate", "joint", found nothing.',
    }),
  ])
})

it('tells a missing member from one of the wrong type', () => {
  expect(problems({ method: { name: 'joint' }, rule: 'last', seeds: [1.5], epochs: '3' })).toEqual([
    { path: 'epochs', message: 'Expected a number, found "3".' },
    { path: 'seeds[0]', message: 'Expected a whole number, found 1.5.' },
  ])
  expect(problems({ method: { name: 'joint' }, rule: 'last', seeds: [1] })).toEqual([
    { path: 'epochs', message: 'Missing: expected a number.' },
  ])
})

it('tells a hundred problems and how many more there are', () => {
  const base = { method: { name: 'joint' }, epochs: 1, rule: 'last', seeds: [1] }
  const unknown = Object.fromEntries(Array.from({ length: 90_000 }, (_, i) => [`key${i}`, 1]))
  const found = problems({ ...base, epochs: 0, ...unknown })
  expect(found).toHaveLength(101)
  expect(found.at(-1)).toEqual({ path: '$', message: 'There are 89901 more problems.' })
  expect(found).toContainEqual({ path: 'epochs', message: 'Expected a number of at least 1, found 0.' })
})

it('does not repeat what is long', () => {
  const text = JSON.stringify(problems({ ['k'.repeat(100_000)]: 1, rule: 'r'.repeat(100_000) }))
  expect(text.length).toBeLessThan(2000)
})
