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

/** Options of a part of the spec as rows of a table, read off its zod schema. The discriminating `name` is left out. */
export function schemaOptions(schema: z.ZodType): OptionRow[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  return Object.entries(properties).flatMap(([name, option]) =>
    name === 'name'
      ? []
      : [
          {
            name,
            defaultValue: option.default === undefined ? undefined : JSON.stringify(option.default),
            allowed: allowedText(option),
            description: option.description ?? '',
          },
        ],
  )
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
