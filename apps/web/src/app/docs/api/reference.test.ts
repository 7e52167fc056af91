import { describe, expect, it } from 'vitest'
import openApi from '../../../../openapi.json'
import { curlExample, placeholderIds } from './curl-example.ts'
import { apiReference } from './reference.ts'

const origin = 'https://bench.example'
const { resources, shapes } = apiReference()
const endpoints = resources.flatMap((resource) => resource.endpoints)

function example(id: string): string {
  const endpoint = endpoints.find((candidate) => candidate.id === id)
  if (!endpoint) throw new Error(`${id} is missing`)
  return curlExample(endpoint, origin, placeholderIds)
}

describe('apiReference', () => {
  it('has every operation of the document, each under an id of its own', () => {
    const written = Object.entries(openApi.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(endpoints.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(written.sort())
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(written.length)
    expect(shapes.map(({ name }) => name)).toEqual(Object.keys(openApi.components.schemas))
  })

  it('refuses a document with an operation that would go missing', () => {
    expect(() => apiReference({ ...openApi, tags: openApi.tags.slice(1) })).toThrow(/does not list/)
  })

  it('tells answers from refusals', () => {
    const submit = endpoints.find(({ id }) => id === 'submitSpec')
    expect(submit?.answers.map(({ status }) => status)).toEqual([201])
    expect(submit?.refusals).toContain(429)
    expect(submit?.needsToken).toBe(true)
  })
})

describe('curlExample', () => {
  it('is one line for a read', () => {
    expect(example('listEntries')).toBe("curl -sS 'https://bench.example/api/v1/entries?limit=5'")
    expect(example('getMethod')).toBe('curl -sS https://bench.example/api/v1/methods/mate')
  })

  it('sends what a write needs', () => {
    expect(example('submitSpec').split(' \\\n  ')).toEqual([
      'curl -sS https://bench.example/api/v1/submissions',
      '-X POST',
      '-H "authorization: Bearer $MATE_BENCH_TOKEN"',
      '-H "content-type: application/json"',
      '-H "idempotency-key: my-spec-1"',
      '--data @spec.json',
    ])
  })

  it('saves what is no text', () => {
    expect(example('getArtifact')).toMatch(/ -OJ$/)
  })

  it('leaves no parameter open', () => {
    for (const { id } of endpoints) expect(example(id), id).not.toMatch(/[{}]/)
  })
})
