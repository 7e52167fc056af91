import { z } from 'zod'
import openApi from '../../../../openapi.json'
import { schemaLevel } from './json-schema.ts'

const content = z.record(z.string(), z.object({ schema: z.unknown() }))

const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  description: z.string().optional(),
  schema: z.unknown(),
})

const operationSchema = z.object({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.object({ description: z.string(), content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: content.optional() })),
})

const documentSchema = z.object({
  info: z.object({ description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string().optional() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})

export type Parameter = z.output<typeof parameterSchema>

export interface Answer {
  readonly status: number
  readonly description: string
  readonly mediaTypes: readonly string[]
  /** Of its JSON. */
  readonly schema: unknown
}

export interface Endpoint {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly needsToken: boolean
  readonly parameters: readonly Parameter[]
  readonly body: { readonly description: string; readonly mediaType: string } | undefined
  /** When all went well. */
  readonly answers: readonly Answer[]
  /** Status codes of its problems. */
  readonly refusals: readonly number[]
}

export interface Resource {
  /** For links within the page. */
  readonly id: string
  readonly name: string
  readonly description: string | undefined
  readonly endpoints: readonly Endpoint[]
}

export interface Shape {
  readonly name: string
  readonly description: string | undefined
  readonly schema: unknown
}

export interface ApiReference {
  readonly description: string
  /** In the order of the document's tags. */
  readonly resources: readonly Resource[]
  readonly shapes: readonly Shape[]
}

/**
 * An OpenAPI document as the page shows it. Operations of a tag that the document does not list are an error, since
 * they would go missing.
 */
export function apiReference(document: unknown = openApi): ApiReference {
  const { info, tags, paths, components } = documentSchema.parse(document)
  const endpoints = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      tag: operation.tags[0],
      endpoint: endpointOf(method.toUpperCase(), path, operation),
    })),
  )
  const lost = endpoints.find(({ tag }) => tags.every(({ name }) => name !== tag))
  if (lost) throw new Error(`${lost.endpoint.id} has the tag ${lost.tag}, which the document does not list.`)
  return {
    description: info.description,
    resources: tags.map(({ name, description }) => ({
      id: name.replaceAll(' ', '-'),
      name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      description,
      endpoints: endpoints.filter(({ tag }) => tag === name).map(({ endpoint }) => endpoint),
    })),
    shapes: Object.entries(components.schemas).map(([name, schema]) => ({
      name,
      description: schemaLevel(schema).description,
      schema,
    })),
  }
}

function endpointOf(method: string, path: string, operation: z.output<typeof operationSchema>): Endpoint {
  const { operationId, summary, security = [], parameters, requestBody, responses } = operation
  const statuses = Object.entries(responses).map(([status, response]) => ({
    status: Number(status),
    description: response.description,
    mediaTypes: Object.keys(response.content ?? {}),
    schema: response.content?.['application/json']?.schema,
  }))
  const [mediaType = ''] = Object.keys(requestBody?.content ?? {})
  return {
    id: operationId,
    method,
    path,
    summary,
    needsToken: security.length > 0,
    parameters,
    body: requestBody && { description: requestBody.description, mediaType },
    answers: statuses.filter(({ status }) => status < 400),
    refusals: statuses.filter(({ status }) => status >= 400).map(({ status }) => status),
  }
}
