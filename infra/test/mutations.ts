import type { Graph, Json } from './synth.ts'

/** A mistake in the infrastructure that one rule, by its name, is there to find. */
export interface Mutation {
  readonly what: string
  readonly rule: string
  /** Changes a copy of the graph. */
  readonly apply: (graph: MutableGraph) => void
}

type MutableJson = { [key: string]: MutableValue }
type MutableValue = null | boolean | number | string | MutableValue[] | MutableJson
export interface MutableGraph {
  stage: string
  app: { name: string; version: string; removal: string; protect: boolean }
  resources: { type: string; name: string; inputs: MutableJson; secretAt: string[] }[]
}

export function mutated(graph: Graph, { apply }: Mutation): Graph {
  const copy: MutableGraph = JSON.parse(JSON.stringify({ ...graph, outputs: null, calls: [] }))
  apply(copy)
  return { ...graph, stage: copy.stage, app: copy.app, resources: copy.resources }
}

function first(graph: MutableGraph, type: string, name = ''): MutableGraph['resources'][number] {
  const found = graph.resources.find((resource) => resource.type === type && resource.name.includes(name))
  if (!found) throw new RangeError(`there is no ${type} ${name}`)
  return found
}

function editContainer(graph: MutableGraph, edit: (container: MutableJson) => void): void {
  const { inputs } = first(graph, 'aws:batch/jobDefinition:JobDefinition')
  const container = JSON.parse(String(inputs.containerProperties))
  edit(container)
  inputs.containerProperties = JSON.stringify(container)
}

/** Sets the value at a path such as `timeout.attemptDurationSeconds`. */
function set(inputs: MutableJson, path: string, value: Json): void {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce<MutableValue | undefined>(
    (found, key) => (found as Record<string, MutableValue> | undefined)?.[key],
    inputs,
  )
  if (parent === null || typeof parent !== 'object') throw new RangeError(`there is no ${path}`)
  Reflect.set(parent, last, value)
}

const setting =
  (type: string, path: string, value: Json, name?: string) =>
  (graph: MutableGraph): void =>
    set(first(graph, type, name).inputs, path, value)

const removing =
  (type: string, name?: string) =>
  (graph: MutableGraph): void => {
    graph.resources.splice(graph.resources.indexOf(first(graph, type, name)), 1)
  }

const granting =
  (actions: string[], resources: string[]) =>
  (graph: MutableGraph): void => {
    const { inputs } = first(graph, 'aws:iam/role:Role', 'TrainerJobRole')
    inputs.inlinePolicies = [{ name: 'x', policy: JSON.stringify({ Statement: [{ actions, resources }] }) }]
    // So that the count stays, and the grant is what is found.
    for (let more = 0; more < 3; more++) {
      inputs.inlinePolicies.push({
        name: `y${more}`,
        policy: JSON.stringify({
          Statement: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/b'] }],
        }),
      })
    }
  }

const definition = 'aws:batch/jobDefinition:JobDefinition'
const queue = 'aws:batch/jobQueue:JobQueue'
const environment = 'aws:batch/computeEnvironment:ComputeEnvironment'
const wide = 'no role may do anything, or anything to everything'
const secret = 'the database’s URL stands only where secrets are kept'
const retries = 'retries are for the machine’s fault, and the last rule ends'
const oneGpu = 'a job asks for exactly one GPU'
const spotFirst = 'spot comes before on-demand, on GPU machines that can be none'
const removal = 'a removal keeps what a production stage has, and nothing of another'

export const mutations: readonly Mutation[] = [
  {
    what: 'no GPU',
    rule: oneGpu,
    apply: (graph) =>
      editContainer(graph, (container) => {
        container.resourceRequirements = []
      }),
  },
  {
    what: 'two GPUs',
    rule: oneGpu,
    apply: (graph) =>
      editContainer(graph, (container) => {
        container.resourceRequirements = [{ type: 'GPU', value: '2' }]
      }),
  },
  {
    what: 'on-demand first',
    rule: spotFirst,
    apply: (graph) => {
      const { inputs } = first(graph, queue)
      if (Array.isArray(inputs.computeEnvironmentOrders)) inputs.computeEnvironmentOrders.reverse()
    },
  },
  { what: 'no on-demand', rule: spotFirst, apply: removing(environment, 'GpuOnDemand') },
  {
    what: 'a machine always on',
    rule: spotFirst,
    apply: setting(environment, 'computeResources.minVcpus', 4),
  },
  {
    what: 'no bound on machines',
    rule: 'how many GPUs run at a time is bounded',
    apply: setting(environment, 'computeResources.maxVcpus', 10_000),
  },
  {
    what: 'no time limit',
    rule: 'every attempt has a time limit',
    apply: setting(definition, 'timeout', null),
  },
  {
    what: 'waits for ever',
    rule: 'a job that can not be placed does not wait for ever',
    apply: setting(queue, 'jobStateTimeLimitActions', []),
  },
  {
    what: 'no last rule',
    rule: retries,
    apply: (graph) => {
      const { retryStrategy } = first(graph, definition).inputs as {
        retryStrategy: { evaluateOnExits: unknown[] }
      }
      retryStrategy.evaluateOnExits.pop()
    },
  },
  {
    what: 'no retry after a reclaim',
    rule: retries,
    apply: (graph) => {
      const { retryStrategy } = first(graph, definition).inputs as {
        retryStrategy: { evaluateOnExits: unknown[] }
      }
      retryStrategy.evaluateOnExits.shift()
    },
  },
  {
    what: 'a log for ever',
    rule: 'logs are kept for a set time',
    apply: setting('aws:cloudwatch/logGroup:LogGroup', 'retentionInDays', 0),
  },
  {
    what: 'a plain disk',
    rule: 'disks are encrypted, and the metadata service wants a session',
    apply: setting('aws:ec2/launchTemplate:LaunchTemplate', 'blockDeviceMappings.0.ebs.encrypted', 'false'),
  },
  {
    what: 'an open metadata service',
    rule: 'disks are encrypted, and the metadata service wants a session',
    apply: setting('aws:ec2/launchTemplate:LaunchTemplate', 'metadataOptions.httpTokens', 'optional'),
  },
  {
    what: 'an open bucket',
    rule: 'the bucket is closed to the public, and keeps versions',
    apply: setting('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 'blockPublicPolicy', false),
  },
  {
    what: 'images that change',
    rule: 'images can not be changed once pushed, and are scanned',
    apply: setting('aws:ecr/repository:Repository', 'imageTagMutability', 'MUTABLE'),
  },
  {
    what: 'builds at every preview',
    rule: 'the image is not built by a preview, and named by its digest',
    apply: setting('docker-build:index:Image', 'buildOnPreview', true),
  },
  {
    what: 'an image by its tag',
    rule: 'the image is not built by a preview, and named by its digest',
    apply: (graph) =>
      editContainer(graph, (container) => {
        container.image = 'trainer:latest'
      }),
  },
  { what: 'every right on the bucket', rule: wide, apply: granting(['s3:*'], ['arn:aws:s3:::bucket/*']) },
  { what: 'any bucket', rule: wide, apply: granting(['s3:GetObject'], ['*']) },
  {
    what: 'no statements at all',
    rule: wide,
    apply: (graph) => {
      for (const { type, inputs } of graph.resources)
        if (type === 'aws:iam/role:Role') inputs.inlinePolicies = []
    },
  },
  {
    what: 'the URL in a function’s environment',
    rule: secret,
    apply: (graph) => {
      const { inputs, secretAt } = first(graph, 'aws:lambda/function:Function')
      inputs.environment = {
        variables: { POSTGRES_URL: 'postgres://bench:not-a-password@db.example.org/bench' },
      }
      secretAt.push('environment')
    },
  },
  {
    what: 'the URL in the container’s environment',
    rule: secret,
    apply: (graph) =>
      editContainer(graph, (container) => {
        container.environment = [{ name: 'DATABASE_URL', value: 'postgres://somewhere' }]
      }),
  },
  {
    what: 'a plain parameter',
    rule: secret,
    apply: setting('aws:ssm/parameter:Parameter', 'type', 'String'),
  },
  {
    what: 'a parameter in the clear',
    rule: secret,
    apply: (graph) => {
      first(graph, 'aws:ssm/parameter:Parameter').secretAt.length = 0
    },
  },
  {
    what: 'events of all queues',
    rule: 'state changes of this queue’s jobs come from the default bus',
    apply: setting(
      'aws:cloudwatch/eventRule:EventRule',
      'eventPattern',
      '{"source":["aws.batch"]}',
      'BatchState',
    ),
  },
  {
    what: 'another bus',
    rule: 'state changes of this queue’s jobs come from the default bus',
    apply: setting('aws:cloudwatch/eventRule:EventRule', 'eventBusName', 'other', 'BatchState'),
  },
  {
    what: 'no dead letters',
    rule: 'messages that can not be taken in end among dead letters, and somebody hears of it',
    apply: (graph) => {
      for (const { type, inputs } of graph.resources)
        if (type === 'aws:sqs/queue:Queue') inputs.redrivePolicy = null
    },
  },
  {
    what: 'no alarm',
    rule: 'messages that can not be taken in end among dead letters, and somebody hears of it',
    apply: removing('aws:cloudwatch/metricAlarm:MetricAlarm'),
  },
  {
    what: 'all or nothing',
    rule: 'the events’ function names the messages that failed',
    apply: (graph) => {
      for (const { type, inputs } of graph.resources) {
        if (type === 'aws:lambda/eventSourceMapping:EventSourceMapping') inputs.functionResponseTypes = []
      }
    },
  },
  {
    what: 'a schedule that is off',
    rule: 'the database is compared with the service from time to time',
    apply: setting('aws:scheduler/schedule:Schedule', 'state', 'DISABLED'),
  },
  {
    what: 'no budget',
    rule: 'a budget warns before the month’s money is spent',
    apply: removing('aws:budgets/budget:Budget'),
  },
  {
    what: 'the other removal',
    rule: removal,
    apply: (graph) => {
      graph.app.removal = graph.app.removal === 'retain' ? 'remove' : 'retain'
    },
  },
  {
    what: 'the other protection',
    rule: removal,
    apply: (graph) => {
      graph.app.protect = !graph.app.protect
    },
  },
]
