import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { allStatements, at, ofType, rules } from './rules.ts'
import { type Graph, mockDatabaseUrl, root, synthesise } from './synth.ts'

// `npm run infra:site` builds it; .ci/run always does.
const built = existsSync(join(root, 'apps/web/.open-next/open-next.output.json'))

describe.skipIf(!built)('the site as it would be deployed', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await synthesise('ada', { realSite: true })
  })

  it('stands behind CloudFront, over HTTPS', () => {
    const [distribution, ...others] = ofType(graph, 'aws:cloudfront/distribution:Distribution')
    expect(others).toEqual([])
    expect(at(distribution?.inputs, 'defaultCacheBehavior.viewerProtocolPolicy')).toBe('redirect-to-https')
  })

  it('is served by functions that hold no secret in the clear', () => {
    const functions = ofType(graph, 'aws:lambda/function:Function')
    expect(functions.length).toBeGreaterThan(4)
    for (const { name, inputs } of functions) {
      expect(JSON.stringify(inputs.environment ?? {}), name).not.toContain(mockDatabaseUrl)
    }
    const server = functions.find(
      ({ inputs }) => at(inputs, 'environment.variables.MATE_BENCH_LAUNCHER') === 'aws-batch',
    )
    expect(server?.name).toMatch(/^Web/)
    expect(at(server?.inputs, 'environment.variables.MATE_BENCH_ARTIFACTS')).toMatch(/^s3:\/\/.+\/artifacts$/)
  })

  it('may read what is published and wake the launch function, and has no right on AWS Batch', () => {
    const rights = allStatements(graph).filter(({ role }) => role.startsWith('Web'))
    const server = rights.filter(({ actions }) => actions.includes('sqs:SendMessage'))
    expect(server.length).toBeGreaterThan(0)
    expect(
      rights.some(
        ({ actions, resources }) =>
          actions.join() === 's3:GetObject' && resources.every((arn) => arn.endsWith('/artifacts/*')),
      ),
    ).toBe(true)
    expect(rights.flatMap(({ actions }) => actions).filter((action) => action.startsWith('batch:'))).toEqual(
      [],
    )
  })

  // The component's own cache queue and functions are SST's to keep in order.
  it.each(rules.filter(({ name }) => /GPU|database|events|budget|removal/.test(name)))(
    '$name',
    ({ problems }) => {
      expect(problems(graph)).toEqual([])
    },
  )
})

it.runIf(!built)('the site is not built: npm run infra:site, then again', () => {
  expect(process.env.CI, 'CI builds the site first').toBeUndefined()
})
