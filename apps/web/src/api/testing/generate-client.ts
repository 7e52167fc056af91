import { z } from 'zod'

/** What the generator reads of an OpenAPI 3.1 document. */
const operationSchema = z.looseObject({
  operationId: z.string(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().optional(),
        schema: z.unknown(),
      }),
    )
    .default([]),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) })
    .optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })).optional() }),
  ),
})
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

type Operation = z.output<typeof operationSchema>

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
})

/** For tests: a TypeScript client with a function an operation, from an OpenAPI document alone. */
export function generateClient(input: unknown): string {
  const { paths, components } = documentSchema.parse(input)
  const types = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)}`,
  )
  const functions = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => functionOf(path, method, operation)),
  )
  return `${types.join('\n')}

export class ApiProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title)
  }
}

interface Call {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  header?: Record<string, unknown>
  body?: unknown
}

export function createClient(base: string, token: string) {
  async function send(method: string, template: string, { path = {}, query = {}, header = {}, body }: Call) {
    const url = new URL(template.replaceAll(/\\{(\\w+)\\}/g, (_, name: string) => encodeURIComponent(String(path[name]))), base)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
    const headers = new Headers({ authorization: 'Bearer ' + token })
    for (const [name, value] of Object.entries(header)) if (value !== undefined) headers.set(name, String(value))
    if (body !== undefined) headers.set('content-type', 'application/json')
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    if (!response.ok) throw new ApiProblem((await response.json()) as Problem)
    return response
  }
  return {
${functions.join('\n')}
  }
}
`
}

function functionOf(path: string, method: string, operation: Operation): string {
  const places = (['path', 'query', 'header'] as const).flatMap((place) => {
    const own = operation.parameters.filter((parameter) => parameter.in === place)
    if (own.length === 0) return []
    const members = own.map(
      ({ name, required, schema }) => `${JSON.stringify(name)}${required ? '' : '?'}: ${typeOf(schema)}`,
    )
    const optional = own.every(({ required }) => required !== true)
    return [`${place}${optional ? '?' : ''}: { ${members.join('; ')} }`]
  })
  const body = operation.requestBody?.content['application/json']
  if (body) places.push(`body: ${typeOf(body.schema)}`)
  const optional = places.every((place) => /^\w+\?/.test(place))
  const [, success] = Object.entries(operation.responses).find(([status]) => status.startsWith('2')) ?? []
  const json = success?.content?.['application/json']
  const result = json ? typeOf(json.schema) : 'Response'
  const argument = `call: { ${places.join('; ')} }${optional ? ' = {}' : ''}`
  const sent = `await send(${JSON.stringify(method.toUpperCase())}, ${JSON.stringify(path)}, call)`
  return `    async ${operation.operationId}(${argument}): Promise<${result}> {
      ${json ? `return (await (${sent}).json()) as ${result}` : `return ${sent}`}
    },`
}

function typeOf(input: unknown): string {
  const parsed = schemaSchema.safeParse(input)
  if (!parsed.success) return 'unknown'
  const schema = parsed.data
  if (schema.$ref !== undefined) return schema.$ref.replace('#/components/schemas/', '')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return `(${alternatives.map(typeOf).join(' | ')})`
  if (schema.allOf) return `(${schema.allOf.map(typeOf).join(' & ')})`
  const names = [schema.type ?? 'unknown'].flat()
  return names.map((name) => typeNamed(name, schema)).join(' | ')
}

function typeNamed(name: string, schema: z.output<typeof schemaSchema>): string {
  switch (name) {
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return name
    case 'array':
      return `(${typeOf(schema.items)})[]`
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).map(
        ([key, value]) =>
          `${JSON.stringify(key)}${schema.required.includes(key) ? '' : '?'}: ${typeOf(value)}`,
      )
      if (members.length > 0) return `{ ${members.join('; ')} }`
      return schema.additionalProperties === false ? '{}' : 'Record<string, unknown>'
    }
    default:
      return 'unknown'
  }
}
