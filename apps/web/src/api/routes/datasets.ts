import { createRoute, z } from '@hono/zod-openapi'
import { datasets, getDataset } from '@mate-bench/datasets/registry'
import { type ApiApp, newApiApp } from '../api-app.ts'
import { problemResponses } from '../problem.ts'
import { wordSchema } from '../schemas/common.ts'

const tags = ['datasets']

const datasetSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    homepage: z.string(),
    citation: z.string(),
    licence: z.string(),
    classes: z.array(z.string()),
    imageShape: z.array(z.int()).meta({ description: 'Height, width, channels.' }),
    counts: z.object({ train: z.int(), test: z.int() }),
    normalisation: z.object({ mean: z.array(z.number()), std: z.array(z.number()), source: z.string() }),
    caveats: z.array(z.string()).meta({ description: 'What to know before comparing numbers.' }),
    bundled: z.boolean().meta({ description: 'True where nothing has to be downloaded.' }),
    files: z.array(
      z.object({
        name: z.string(),
        bytes: z.int(),
        sha256: z.string().nullable(),
        md5: z.string().nullable(),
        urls: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'Dataset' })

const list = createRoute({
  method: 'get',
  path: '/datasets',
  operationId: 'listDatasets',
  tags,
  summary: 'Datasets',
  responses: {
    200: {
      description: 'Every dataset that a spec may name.',
      content: { 'application/json': { schema: z.object({ data: z.array(datasetSchema) }) } },
    },
  },
})

const one = createRoute({
  method: 'get',
  path: '/datasets/{name}',
  operationId: 'getDataset',
  tags,
  summary: 'A dataset: source, licence, checksums',
  request: { params: z.object({ name: wordSchema }) },
  responses: {
    200: { description: 'The dataset.', content: { 'application/json': { schema: datasetSchema } } },
    ...problemResponses(400, 404),
  },
})

/** What the registry knows of the datasets; no database is asked. */
export function datasetRoutes(): ApiApp {
  const app = newApiApp()
  app.openapi(list, (c) => c.json({ data: datasets.map(datasetAnswer) }, 200))
  app.openapi(one, (c) => c.json(datasetAnswer(getDataset(c.req.valid('param').name)), 200))
  return app
}

function datasetAnswer(dataset: (typeof datasets)[number]): z.output<typeof datasetSchema> {
  const { name, title, homepage, citation, licence, bundled, counts, normalisation, files } = dataset
  const { mean, std, source } = normalisation
  return {
    ...{ name, title, homepage, citation, licence, bundled },
    classes: [...dataset.classes],
    imageShape: [...dataset.imageShape],
    caveats: [...(dataset.caveats ?? [])],
    counts: { ...counts },
    normalisation: { mean: [...mean], std: [...std], source },
    files: files.map(({ name: file, bytes, sha256, md5, urls }) => ({
      name: file,
      bytes,
      sha256: sha256 ?? null,
      md5: md5 ?? null,
      urls: [...urls],
    })),
  }
}
