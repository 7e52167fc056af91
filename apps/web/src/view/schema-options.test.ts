import { getDataset } from '@mate-bench/datasets/registry'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { schemaOptions } from './schema-options.ts'

it('lists what an option holds, with its own default and limits', () => {
  const rows = schemaOptions(getDataset('cifar100').options)
  expect(rows.map(({ name }) => name)).toEqual([
    'subset',
    'subset.perClass',
    'subset.seed',
    'validation',
    'validation.size',
    'validation.seed',
  ])
  expect(rows.find(({ name }) => name === 'validation.size')).toMatchObject({
    defaultValue: '5000',
    allowed: 'whole number, at least 0, at most 49900',
  })
})

it('leaves out the name that tells one method from another, and says what may be chosen', () => {
  const schema = z.strictObject({
    name: z.literal('x'),
    form: z.enum(['a', 'b']).default('a').describe('Which.'),
  })
  expect(schemaOptions(schema)).toEqual([
    { name: 'form', defaultValue: '"a"', allowed: '"a" or "b"', description: 'Which.' },
  ])
})
