import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { queueTag } from '@mate-bench/cloud'
import { beforeAll, describe, expect, it } from 'vitest'
import { generatedFiles } from './generated.ts'
import { at, calledName, jobDefinitionArn, jobQueueArn, only, types } from './graph.ts'
import { rules } from './rules/index.ts'
import { withMistake } from './rules/mistakes.ts'
import { linesOf, rightsOf, type Statement } from './rules/rights.ts'
import { siteVariables } from './rules/wiring.ts'
import { type Graph, root, synthesise } from './synth.ts'

let graph: Graph
beforeAll(async () => {
  graph = await synthesise('production')
})

describe('production', () => {
  it.each(rules)('$name', ({ problems }) => {
    expect(problems(graph)).toEqual([])
  })

  it('expires nothing but checkpoints', () => {
    const lifecycle = 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration'
    expect(only(graph, lifecycle).inputs.rules).toHaveLength(1)
  })

  it('lets each function, the site and the container do what it is for, to what it is for', () => {
    const bucket = `arn:aws:s3:::${only(graph, types.bucket).inputs.bucket}`
    const queue = (name: string) =>
      `arn:aws:sqs:us-east-1:111111111111:queue/${calledName(graph, types.queue, name)}`
    const jobs = 'arn:aws:batch:us-east-1:111111111111:job/*'
    const tag = `aws:ResourceTag/${queueTag}`
    const batch = [
      'batch:DescribeJobs *',
      'batch:ListJobs *',
      `batch:SubmitJob ${jobDefinitionArn}:*`,
      `batch:SubmitJob ${jobQueueArn}`,
      `batch:TagResource ${jobs} if ${tag} StringEqualsIfExists ${jobQueueArn}`,
      `batch:TerminateJob ${jobs} if ${tag} StringEquals ${jobQueueArn}`,
    ]
    const receive = (name: string) =>
      ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'].map(
        (action) => `sqs:${action} ${queue(name)}`,
      )
    const reconciler = calledName(graph, types.function, 'ReconcileHandler')
    const invoke = `lambda:InvokeFunction arn:aws:lambda:us-east-1:111111111111:function/${reconciler}`
    const prefixes = ['artifacts', 'checkpoints', 'datasets']

    expect(rightsOf(graph, 'LaunchSubscriber')).toEqual([...batch, ...receive('LaunchQueue')])
    expect(rightsOf(graph, 'ReconcileHandler')).toEqual(batch)
    expect(rightsOf(graph, 'ReconcileRole')).toEqual([invoke])
    expect(rightsOf(graph, 'BatchEventsSubscriber')).toEqual(receive('BatchEventsQueue'))
    expect(rightsOf(graph, 'BatchInstanceRole')).toEqual([])
    expect(rightsOf(graph, 'TrainerJobRole')).toEqual([
      `s3:DeleteObject ${bucket}/checkpoints/*`,
      ...prefixes.map((prefix) => `s3:GetObject ${bucket}/${prefix}/*`),
      `s3:ListBucket ${bucket}`,
      ...prefixes.map((prefix) => `s3:PutObject ${bucket}/${prefix}/*`),
    ])
    expect(rightsOf(graph, 'TrainerExecutionRole')).toEqual([
      'ssm:GetParameters arn:aws:ssm:us-east-1:111111111111:parameter/TrainerPostgresUrl',
      'ssm:GetParameters arn:aws:ssm:us-east-1:111111111111:parameter/TrainerSigningKeyParameter',
    ])
    const linked = at(only(graph, 'site').inputs, 'rights') as unknown as Statement[]
    expect(linesOf(linked)).toEqual([
      `s3:GetObject ${bucket}/artifacts/*`,
      `s3:ListBucket ${bucket}`,
      `sqs:SendMessage ${queue('LaunchQueue')}`,
    ])
    expect(graph.resources.filter(({ type }) => type === types.role)).toHaveLength(7)
  })

  it('gives the site no secret in its environment', () => {
    expect(Object.keys(siteVariables(graph)).sort()).toEqual([
      'MATE_BENCH_ARTIFACTS',
      'MATE_BENCH_LAUNCHER',
      'MATE_BENCH_LAUNCH_QUEUE_URL',
      'MATE_BENCH_MAX_MACS',
      'MATE_BENCH_URL',
      'TRUSTED_PROXY',
    ])
  })

  it.each(['infra/job-definition.json', 'sst-env.d.ts'] as const)(
    '%s is current: npm run infra:generate',
    (file) => {
      expect(readFileSync(join(root, file), 'utf8')).toBe(generatedFiles(graph)[file])
    },
  )
})

describe('each thing that a rule looks at can be wrong', () => {
  const mistakes = rules.flatMap((rule) => rule.mistakes.map((mistake) => ({ ...mistake, rule })))

  it.each(mistakes)('$rule.name: $what', ({ rule: { problems }, make, finds }) => {
    expect(problems(withMistake(graph, make)).filter((problem) => problem.includes(finds))).not.toEqual([])
  })

  it('and no rule is left out', () => {
    expect(rules.filter(({ mistakes }) => mistakes.length === 0)).toEqual([])
  })
})
