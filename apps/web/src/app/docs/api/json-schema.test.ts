import { describe, expect, it } from 'vitest'
import { fieldsOf, rangeText, typeText } from './json-schema.ts'

describe('typeText', () => {
  it.each([
    [{ type: 'integer' }, 'integer'],
    [{ type: ['string', 'null'] }, 'string or null'],
    [{ type: 'string', format: 'date-time' }, 'ISO 8601 time'],
    [{ type: 'string', enum: ['json', 'parquet'] }, '"json" or "parquet"'],
    [{ $ref: '#/components/schemas/Exit' }, 'Exit'],
    [{ type: 'array', items: { $ref: '#/components/schemas/Exit' } }, 'list of Exit'],
    [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'number or null'],
    [{ type: 'array', prefixItems: [{}, {}, {}] }, 'list of 3'],
    [{}, 'anything'],
    [undefined, 'anything'],
  ])('reads %j as %s', (schema, text) => {
    expect(typeText(schema)).toBe(text)
  })
})

describe('rangeText', () => {
  it('names the bounds that there are', () => {
    expect(rangeText({ minimum: 1, maximum: 200 })).toBe('1 to 200')
    expect(rangeText({ minimum: 0 })).toBe('at least 0')
    expect(rangeText({ maximum: 1 })).toBe('at most 1')
    expect(rangeText({})).toBeUndefined()
  })
})

describe('fieldsOf', () => {
  it('names fields within objects, lists and parts by their path', () => {
    const top1 = { type: 'object', properties: { mean: { type: 'number' } }, required: ['mean'] }
    const exit = { type: 'object', properties: { top1 }, required: ['top1'] }
    const schema = {
      allOf: [
        {
          type: 'object',
          properties: { id: { type: 'string', description: 'Its name.' } },
          required: ['id'],
        },
        { type: 'object', properties: { exits: { type: 'array', items: exit } } },
      ],
    }
    expect(fieldsOf(schema)).toEqual([
      { path: 'id', type: 'string', required: true, description: 'Its name.' },
      { path: 'exits', type: 'list of object', required: false, description: undefined },
      { path: 'exits[].top1', type: 'object', required: true, description: undefined },
      { path: 'exits[].top1.mean', type: 'number', required: true, description: undefined },
    ])
  })
})
