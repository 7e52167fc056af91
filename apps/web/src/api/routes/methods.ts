import { createRoute, z } from '@hono/zod-openapi'
import { getMethod, methods } from '@mate-bench/methods'
import { type ApiApp, newApiApp } from '../api-app.ts'
import { problemResponses } from '../problem.ts'
import { wordSchema } from '../schemas/common.ts'

const tags = ['methods']

const methodSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    citation: z.string(),
    summary: z.string(),
    minimumExits: z.int(),
    options: z.record(z.string(), z.any()).meta({ description: 'JSON Schema of its part of a spec.' }),
    presets: z
      .array(z.object({ name: z.string(), summary: z.string(), options: z.record(z.string(), z.any()) }))
      .meta({ description: 'Options that belong together: what `"preset": NAME` in a spec stands for.' }),
    evidence: z
      .array(z.object({ options: z.array(z.string()), text: z.string() }))
      .meta({ description: 'Evidence for the choices that its paper leaves open.' }),
  })
  .meta({ id: 'Method', description: 'A way to train a network with several exits.' })

const list = createRoute({
  method: 'get',
  path: '/methods',
  operationId: 'listMethods',
  tags,
  summary: 'Training methods',
  responses: {
    200: {
      description: 'Baselines first.',
      content: { 'application/json': { schema: z.object({ data: z.array(methodSchema) }) } },
    },
  },
})

const one = createRoute({
  method: 'get',
  path: '/methods/{name}',
  operationId: 'getMethod',
  tags,
  summary: 'A training method and its options',
  request: { params: z.object({ name: wordSchema }) },
  responses: {
    200: { description: 'The method.', content: { 'application/json': { schema: methodSchema } } },
    ...problemResponses(400, 404),
  },
})

/** What the registry knows of the training methods; no database is asked. */
export function methodRoutes(): ApiApp {
  const app = newApiApp()
  app.openapi(list, (c) => c.json({ data: methods.map(methodAnswer) }, 200))
  app.openapi(one, (c) => c.json(methodAnswer(getMethod(c.req.valid('param').name)), 200))
  return app
}

function methodAnswer(method: (typeof methods)[number]) {
  const { name, title, citation, summary, minimumExits, presets = [], evidence = [] } = method
  const { $schema: _, ...options } = z.toJSONSchema(method.options, { io: 'input', unrepresentable: 'any' })
  return {
    name,
    title,
    citation,
    summary,
    minimumExits,
    options,
    presets: presets.map((preset) => ({ ...preset, options: { ...preset.options } })),
    evidence: evidence.map(({ options: choices, text }) => ({ options: [...choices], text })),
  }
}
