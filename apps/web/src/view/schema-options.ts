import { z } from 'zod'

export interface OptionRow {
  readonly name: string
  /** As JSON; undefined where it must be given. */
  readonly defaultValue: string | undefined
  readonly allowed: string
  readonly description: string
}

interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly description?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

/**
 * Options of a part of the spec as rows of a table, read off its zod schema; what an option holds follows it, such
 * as `validation.size`. The discriminating `name` is left out.
 */
export function schemaOptions(schema: z.ZodType): OptionRow[] {
  return rowsOf(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, '')
}

function rowsOf({ properties = {} }: JsonSchema, prefix: string): OptionRow[] {
  return Object.entries(properties).flatMap(([key, option]) => {
    if (prefix === '' && key === 'name') return []
    const name = `${prefix}${key}`
    const own = {
      name,
      defaultValue: option.default === undefined ? undefined : JSON.stringify(option.default),
      allowed: allowedText(option),
      description: option.description ?? '',
    }
    if (!option.properties) return [own]
    // The default of an object says nothing that those of its members do not.
    return [{ ...own, defaultValue: undefined }, ...rowsOf(option, `${name}.`)]
  })
}

function allowedText(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf) return schema.anyOf.map(allowedText).join(' or ')
  if (schema.type === 'array') return `list of ${schema.items ? allowedText(schema.items) : 'values'}`
  const limits = [
    schema.minimum === undefined ? undefined : `at least ${schema.minimum}`,
    schema.exclusiveMinimum === undefined ? undefined : `above ${schema.exclusiveMinimum}`,
    schema.maximum === undefined || schema.maximum >= Number.MAX_SAFE_INTEGER
      ? undefined
      : `at most ${schema.maximum}`,
  ].filter((limit) => limit !== undefined)
  const type = schema.type === 'integer' ? 'whole number' : String(schema.type ?? 'any')
  return limits.length === 0 ? type : `${type}, ${limits.join(', ')}`
}
