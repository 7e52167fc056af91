import { z } from 'zod'

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** One level of a JSON Schema, as far as it is shown; what lies below is read when it is reached. */
const levelSchema = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(scalar).optional(),
  const: scalar.optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  default: scalar.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  description: z.string().optional(),
  items: z.unknown().optional(),
  prefixItems: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
})

export type SchemaLevel = z.output<typeof levelSchema>

/** Anything that is no schema has no type to show. */
export function schemaLevel(schema: unknown): SchemaLevel {
  return levelSchema.safeParse(schema).data ?? {}
}

/** The name of a shape that a reference leads to. */
export function referenceName(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

/** A type as one reads it aloud: `integer`, `string or null`, `"json" or "parquet"`, `list of Exit`. */
export function typeText(schema: unknown): string {
  const level = schemaLevel(schema)
  if (level.$ref !== undefined) return referenceName(level.$ref)
  if (level.enum !== undefined) return level.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (level.const !== undefined) return JSON.stringify(level.const)
  const choices = level.oneOf ?? level.anyOf
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(' or ')
  if (level.allOf !== undefined) return [...new Set(level.allOf.map(typeText))].join(' and ')
  const types = typeof level.type === 'string' ? [level.type] : (level.type ?? ['anything'])
  return types
    .map((type) => {
      if (type === 'array') {
        if (level.prefixItems !== undefined) return `list of ${level.prefixItems.length}`
        return level.items === undefined ? 'list' : `list of ${typeText(level.items)}`
      }
      return type === 'string' && level.format === 'date-time' ? 'ISO 8601 time' : type
    })
    .join(' or ')
}

/** `1 to 200`, where a number is bounded. */
export function rangeText(schema: unknown): string | undefined {
  const { minimum, maximum } = schemaLevel(schema)
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`
  if (minimum !== undefined) return `at least ${minimum}`
  return maximum === undefined ? undefined : `at most ${maximum}`
}

export interface Field {
  /** `exits[].top1.mean` */
  readonly path: string
  readonly type: string
  readonly required: boolean
  readonly description: string | undefined
}

/** Every field of an object, those of objects within it by their path. References are not followed. */
export function fieldsOf(schema: unknown, prefix = ''): Field[] {
  const { properties = {}, required = [], allOf = [] } = schemaLevel(schema)
  const own = Object.entries(properties).flatMap(([name, property]): Field[] => {
    const level = schemaLevel(property)
    const path = `${prefix}${name}`
    const inner = level.properties ? fieldsOf(property, `${path}.`) : fieldsOf(level.items, `${path}[].`)
    const field = {
      path,
      type: typeText(property),
      required: required.includes(name),
      description: level.description,
    }
    return [field, ...inner]
  })
  return [...allOf.flatMap((part) => fieldsOf(part, prefix)), ...own]
}
