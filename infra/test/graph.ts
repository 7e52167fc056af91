import type { Graph, Json, Resource } from './synth.ts'

export function ofType(graph: Graph, type: string, name = ''): Resource[] {
  return graph.resources.filter((resource) => resource.type === type && resource.name.includes(name))
}

/** The only one. @throws RangeError where there is none, or another */
export function only(graph: Graph, type: string, name = ''): Resource {
  const [first, ...others] = ofType(graph, type, name)
  if (!first || others.length > 0)
    throw new RangeError(`${others.length + (first ? 1 : 0)} of ${type} ${name}`)
  return first
}

/** The value at a path such as `computeResources.instanceTypes`; undefined where there is none. */
export function at(value: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((found, key) => {
    if (found === null || typeof found !== 'object') return undefined
    if (Array.isArray(found)) return found[Number(key)]
    return (found as { readonly [key: string]: Json })[key]
  }, value)
}

export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

export const types = {
  jobDefinition: 'aws:batch/jobDefinition:JobDefinition',
  jobQueue: 'aws:batch/jobQueue:JobQueue',
  computeEnvironment: 'aws:batch/computeEnvironment:ComputeEnvironment',
  launchTemplate: 'aws:ec2/launchTemplate:LaunchTemplate',
  role: 'aws:iam/role:Role',
  function: 'aws:lambda/function:Function',
  queue: 'aws:sqs/queue:Queue',
  eventRule: 'aws:cloudwatch/eventRule:EventRule',
  eventTarget: 'aws:cloudwatch/eventTarget:EventTarget',
  alarm: 'aws:cloudwatch/metricAlarm:MetricAlarm',
  logGroup: 'aws:cloudwatch/logGroup:LogGroup',
  topic: 'aws:sns/topic:Topic',
  repository: 'aws:ecr/repository:Repository',
  bucket: 'aws:s3/bucket:Bucket',
} as const

const region = 'us-east-1:111111111111'
export const jobQueueArn = `arn:aws:batch:${region}:job-queue/GpuQueue`
export const jobDefinitionArn = `arn:aws:batch:${region}:job-definition/Trainer`
export const topicArn = `arn:aws:sns:${region}:topic/Alarms`

/** SST ends most names in letters of its own. */
export function calledName(graph: Graph, type: string, name: string): string {
  return String(ofType(graph, type, name)[0]?.inputs.name)
}

export function container(graph: Graph): Json {
  const [definition] = ofType(graph, types.jobDefinition)
  return JSON.parse(String(definition?.inputs.containerProperties ?? '{}'))
}
