import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { generatedFiles } from './generated.ts'
import { mutated, mutations } from './mutations.ts'
import { allStatements, at, ofType, rules } from './rules.ts'
import { type Graph, root, synthesise } from './synth.ts'

let graph: Graph
beforeAll(async () => {
  graph = await synthesise('production')
})

describe('production', () => {
  it.each(rules)('$name', ({ problems }) => {
    expect(problems(graph)).toEqual([])
  })

  it('keeps its images and its logs', () => {
    expect(ofType(graph, 'aws:ecr/repository:Repository')[0]?.inputs.forceDelete).toBe(false)
    const days = ofType(graph, 'aws:cloudwatch/logGroup:LogGroup').map(({ inputs }) => inputs.retentionInDays)
    expect(new Set(days)).toEqual(new Set([90]))
  })

  it('expires checkpoints, and never what is published', () => {
    const [lifecycle] = ofType(graph, 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration')
    const rules = at(lifecycle?.inputs, 'rules')
    expect(rules).toHaveLength(1)
    expect(at(rules, '0.filter.prefix')).toBe('checkpoints/')
    // The bucket keeps versions: without this every epoch's checkpoint would stay.
    expect(at(rules, '0.noncurrentVersionExpiration.noncurrentDays')).toBe(1)
  })

  it('lets each function and the container do what it is for', () => {
    const rightsOf = (role: string) =>
      allStatements(graph)
        .filter((statement) => statement.role.startsWith(role))
        .flatMap(({ actions }) => actions)
        .filter((action) => !action.startsWith('sqs:'))
        .sort()
    const batch = [
      'batch:DescribeJobs',
      'batch:ListJobs',
      'batch:SubmitJob',
      'batch:TagResource',
      'batch:TerminateJob',
    ]
    expect(rightsOf('LaunchSubscriber')).toEqual(batch)
    expect(rightsOf('ReconcileHandler')).toEqual(batch)
    expect(rightsOf('BatchEventsSubscriber')).toEqual([])
    expect(rightsOf('TrainerJobRole')).toEqual([
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ])
    expect(rightsOf('TrainerExecutionRole')).toEqual(['ssm:GetParameters'])
  })

  it('gives the site no right on AWS Batch, and no secret in its environment', () => {
    const [site] = ofType(graph, 'site')
    expect(Object.keys(at(site?.inputs, 'environment') as object).sort()).toEqual([
      'MATE_BENCH_ARTIFACTS',
      'MATE_BENCH_LAUNCHER',
      'MATE_BENCH_LAUNCH_QUEUE_URL',
    ])
  })

  it.each(['infra/job-definition.json', 'sst-env.d.ts'] as const)(
    '%s is current: npm run infra:generate',
    (file) => {
      expect(readFileSync(join(root, file), 'utf8')).toBe(generatedFiles(graph)[file])
    },
  )
})

describe('each rule can fail', () => {
  it.each(mutations)('$what', (mutation) => {
    const broken = rules.filter(({ problems }) => problems(mutated(graph, mutation)).length > 0)
    expect(broken.map(({ name }) => name)).toContain(mutation.rule)
  })

  it('and none is left out', () => {
    expect(new Set(mutations.map(({ rule }) => rule))).toEqual(new Set(rules.map(({ name }) => name)))
  })
})
