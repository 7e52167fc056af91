import type { Method } from '@mate-bench/methods'
import { z } from 'zod'

/** One option of a method, as its schema says. */
export interface MethodOption {
  readonly name: string
  readonly type: string
  /** Undefined for an option without a default. */
  readonly default: unknown
  readonly description: string
}

/** Every option but the name, in the schema's order. */
export function methodOptionList({ options }: Method): MethodOption[] {
  const schema = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' })
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (name === 'name' || typeof property === 'boolean') return []
    return [
      { name, type: typeOf(property), default: property.default, description: property.description ?? '' },
    ]
  })
}

type Property = z.core.JSONSchema.BaseSchema

function typeOf(property: Property): string {
  if (property.enum) return property.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (property.const !== undefined) return JSON.stringify(property.const)
  const alternatives = property.anyOf ?? property.oneOf
  if (alternatives)
    return alternatives.map((option) => (typeof option === 'boolean' ? 'any' : typeOf(option))).join(' | ')
  if (property.type === 'array') {
    const items = property.items
    const inner =
      items !== undefined && typeof items !== 'boolean' && !Array.isArray(items) ? typeOf(items) : 'any'
    return `list of ${inner}`
  }
  const name = property.type === 'integer' ? 'whole number' : (property.type ?? 'any')
  return `${name}${rangeOf(property)}`
}

/** The interval that the schema allows, where it states one; the bounds of 64-bit integers are nobody's wish. */
function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Property): string {
  const bounds: string[] = []
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) bounds.push(`>= ${minimum}`)
  if (exclusiveMinimum !== undefined) bounds.push(`> ${exclusiveMinimum}`)
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) bounds.push(`<= ${maximum}`)
  if (exclusiveMaximum !== undefined) bounds.push(`< ${exclusiveMaximum}`)
  return bounds.length === 0 ? '' : ` ${bounds.join(', ')}`
}
