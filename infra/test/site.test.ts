import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { at, calledName, ofType, only, types } from './graph.ts'
import { rules } from './rules/index.ts'
import { rightsOf } from './rules/rights.ts'
import { type Graph, mockDatabaseUrl, root, synthesise } from './synth.ts'

// `npm run infra:site` builds it; .ci/run always does.
const built = existsSync(join(root, 'apps/web/.open-next/open-next.output.json'))

describe.skipIf(!built)('the site as it would be deployed', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await synthesise('ada', { realSite: true })
  })

  it.each(rules)('$name', ({ problems }) => {
    expect(problems(graph)).toEqual([])
  })

  it('stands behind CloudFront, over HTTPS', () => {
    const { inputs } = only(graph, 'aws:cloudfront/distribution:Distribution')
    expect(at(inputs, 'defaultCacheBehavior.viewerProtocolPolicy')).toBe('redirect-to-https')
  })

  it('is served by functions that hold no secret in the clear', () => {
    const functions = ofType(graph, types.function)
    expect(functions.length).toBeGreaterThan(4)
    for (const { name, inputs } of functions) {
      expect(JSON.stringify(inputs.environment ?? {}), name).not.toContain(mockDatabaseUrl)
    }
  })

  it('may read what is published and wake the launch function, and nothing else that is ours', () => {
    const bucket = only(graph, types.bucket, 'Artifacts').inputs.bucket
    const queue = calledName(graph, types.queue, 'LaunchQueue')
    const ownRights = rightsOf(graph, 'WebServer').filter((right) => !/web/i.test(right.split(' ')[1] ?? ''))
    expect(ownRights).toEqual([
      // SST's, for pages that are kept; the site keeps none.
      'cloudfront:CreateInvalidation *',
      `s3:GetObject arn:aws:s3:::${bucket}/artifacts/*`,
      // Without it S3 answers 403 for an object that is missing, and pages take that for a failure.
      `s3:ListBucket arn:aws:s3:::${bucket}`,
      `sqs:SendMessage arn:aws:sqs:us-east-1:111111111111:queue/${queue}`,
    ])
  })
})

it.runIf(!built)('the site is not built: npm run infra:site, then again', () => {
  expect(process.env.MATE_BENCH_EXPECT_SITE, '.ci/run builds the site first').toBeUndefined()
})
