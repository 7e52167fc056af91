import { type Graph, type Json, mockDatabaseUrl, type Resource } from './synth.ts'

/** What has to hold in every stage: each rule names what is wrong, and nothing where all is well. */
export interface Rule {
  readonly name: string
  readonly problems: (graph: Graph) => string[]
}

export function ofType(graph: Graph, type: string): Resource[] {
  return graph.resources.filter((resource) => resource.type === type)
}

/** The value at a path such as `computeResources.instanceTypes`; undefined where there is none. */
export function at(value: Json | undefined, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((found, key) => {
    if (found === null || typeof found !== 'object') return undefined
    if (Array.isArray(found)) return found[Number(key)]
    return (found as { readonly [key: string]: Json })[key]
  }, value)
}

/** Problems of the values that are not as expected. */
function expected(where: string, inputs: Json, wanted: Readonly<Record<string, Json>>): string[] {
  return Object.entries(wanted).flatMap(([path, value]) => {
    const found = at(inputs, path)
    return JSON.stringify(found) === JSON.stringify(value)
      ? []
      : [`${where}: ${path} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}`]
  })
}

/** The one resource of a type; anything else is a problem, and no rule is empty because nothing was there. */
function one(graph: Graph, type: string, check: (resource: Resource) => string[]): string[] {
  const [first, ...others] = ofType(graph, type)
  if (!first || others.length > 0) return [`${ofType(graph, type).length} of ${type}, not 1`]
  return check(first)
}

function every(graph: Graph, type: string, least: number, check: (resource: Resource) => string[]): string[] {
  const found = ofType(graph, type)
  if (found.length < least) return [`${found.length} of ${type}, fewer than ${least}`]
  return found.flatMap(check)
}

const jobDefinition = 'aws:batch/jobDefinition:JobDefinition'

function container(graph: Graph): Json {
  const [definition] = ofType(graph, jobDefinition)
  return JSON.parse(String(definition?.inputs.containerProperties ?? '{}'))
}

const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
const nameOf = (value: Json) => String(at(value, 'name'))

export const rules: readonly Rule[] = [
  {
    name: 'a job asks for exactly one GPU',
    problems: (graph) => {
      const gpus = list(at(container(graph), 'resourceRequirements')).filter(
        (requirement) => at(requirement, 'type') === 'GPU',
      )
      return JSON.stringify(gpus) === '[{"type":"GPU","value":"1"}]' ? [] : [JSON.stringify(gpus)]
    },
  },
  {
    name: 'spot comes before on-demand, on GPU machines that can be none',
    problems: (graph) => [
      ...one(graph, 'aws:batch/jobQueue:JobQueue', ({ name, inputs }) => {
        const order = list(inputs.computeEnvironmentOrders).map((item) =>
          String(at(item, 'computeEnvironment')),
        )
        const types = order.map((arn) => {
          const environment = ofType(graph, 'aws:batch/computeEnvironment:ComputeEnvironment').find(
            (candidate) => arn.endsWith(`/${candidate.name}`),
          )
          return String(at(environment?.inputs, 'computeResources.type'))
        })
        return types.join() === 'SPOT,EC2' ? [] : [`${name}: ${types.join()}`]
      }),
      ...every(graph, 'aws:batch/computeEnvironment:ComputeEnvironment', 2, ({ name, inputs }) =>
        expected(name, inputs, {
          'computeResources.minVcpus': 0,
          'computeResources.instanceTypes': ['g4dn', 'g5'],
          'computeResources.ec2Configurations.0.imageType': 'ECS_AL2023_NVIDIA',
        }),
      ),
    ],
  },
  {
    name: 'how many GPUs run at a time is bounded',
    problems: (graph) =>
      every(graph, 'aws:batch/computeEnvironment:ComputeEnvironment', 2, ({ name, inputs }) => {
        const most = Number(at(inputs, 'computeResources.maxVcpus'))
        return most >= 4 && most <= 64 ? [] : [`${name}: maxVcpus ${most}`]
      }),
  },
  {
    name: 'every attempt has a time limit',
    problems: (graph) =>
      one(graph, jobDefinition, ({ inputs }) => {
        const seconds = Number(at(inputs, 'timeout.attemptDurationSeconds'))
        return seconds >= 600 && seconds <= 86_400 ? [] : [`attemptDurationSeconds ${seconds}`]
      }),
  },
  {
    name: 'a job that can not be placed does not wait for ever',
    problems: (graph) =>
      one(graph, 'aws:batch/jobQueue:JobQueue', ({ inputs }) => {
        const actions = list(inputs.jobStateTimeLimitActions)
        const reasons = new Set(actions.map((action) => at(action, 'reason')))
        return [
          'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
          'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
          'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
        ].filter((reason) => !reasons.has(reason))
      }),
  },
  {
    name: 'retries are for the machine’s fault, and the last rule ends',
    problems: (graph) =>
      one(graph, jobDefinition, ({ inputs }) => {
        const retryRules = list(at(inputs, 'retryStrategy.evaluateOnExits'))
        const has = (wanted: Record<string, Json>) =>
          retryRules.some((rule) => Object.entries(wanted).every(([key, value]) => at(rule, key) === value))
        const last = retryRules.at(-1) ?? null
        return [
          ...(retryRules.length >= 2 && retryRules.length <= 5 ? [] : [`${retryRules.length} rules`]),
          ...(has({ onStatusReason: 'Host EC2*', action: 'RETRY' })
            ? []
            : ['no retry for a machine taken away']),
          ...(has({ onReason: 'CannotPullContainerError*', action: 'RETRY' })
            ? []
            : ['no retry for the image']),
          ...(has({ onExitCode: '75', action: 'RETRY' }) ? [] : ['no retry where the trainer asks for one']),
          ...expected('last rule', last, { onReason: '*', action: 'EXIT' }),
          ...(Number(at(inputs, 'retryStrategy.attempts')) > 1 ? [] : ['one attempt only']),
        ]
      }),
  },
  {
    name: 'logs are kept for a set time',
    problems: (graph) =>
      every(graph, 'aws:cloudwatch/logGroup:LogGroup', 4, ({ name, inputs }) =>
        Number(inputs.retentionInDays) > 0 ? [] : [`${name}: for ever`],
      ),
  },
  {
    name: 'disks are encrypted, and the metadata service wants a session',
    problems: (graph) =>
      one(graph, 'aws:ec2/launchTemplate:LaunchTemplate', ({ name, inputs }) =>
        expected(name, inputs, {
          'metadataOptions.httpTokens': 'required',
          'metadataOptions.httpPutResponseHopLimit': 1,
          'blockDeviceMappings.0.ebs.encrypted': 'true',
        }),
      ),
  },
  {
    name: 'the bucket is closed to the public, and keeps versions',
    problems: (graph) => [
      ...every(graph, 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 1, ({ name, inputs }) =>
        expected(name, inputs, {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        }),
      ),
      ...every(graph, 'aws:s3/bucketVersioning:BucketVersioning', 1, ({ name, inputs }) =>
        expected(name, inputs, { 'versioningConfiguration.status': 'Enabled' }),
      ),
    ],
  },
  {
    name: 'images can not be changed once pushed, and are scanned',
    problems: (graph) =>
      one(graph, 'aws:ecr/repository:Repository', ({ name, inputs }) =>
        expected(name, inputs, {
          imageTagMutability: 'IMMUTABLE',
          'imageScanningConfiguration.scanOnPush': true,
        }),
      ),
  },
  {
    name: 'the image is not built by a preview, and named by its digest',
    problems: (graph) => [
      ...one(graph, 'docker-build:index:Image', ({ name, inputs }) =>
        expected(name, inputs, { buildOnPreview: false, push: true, platforms: ['linux/amd64'] }),
      ),
      ...(/@sha256:[0-9a-f]{64}$/.test(String(at(container(graph), 'image')))
        ? []
        : ['image without a digest']),
    ],
  },
  {
    name: 'no role may do anything, or anything to everything',
    problems: (graph) => {
      const statements = allStatements(graph)
      if (statements.length < 12) return [`only ${statements.length} statements were found`]
      return statements.flatMap(({ role, actions, resources }) => {
        const wideActions = actions.filter((action) => action.endsWith('*'))
        const asks = actions.every((action) => /:(Describe|List)[A-Z]/.test(action))
        return [
          ...wideActions.map((action) => `${role}: ${action}`),
          ...(resources.includes('*') && !asks ? [`${role}: ${actions.join()} on *`] : []),
        ]
      })
    },
  },
  {
    name: 'the database’s URL stands only where secrets are kept',
    problems: (graph) => {
      const found: string[] = []
      // SST hands links to the site's build, a process on the machine of whoever deploys: no resource in the cloud.
      const inTheCloud = graph.resources.filter(({ type }) => type !== 'command:local:Command')
      const problems = inTheCloud.flatMap(({ type, name, inputs, secretAt }) =>
        placesOf(inputs, mockDatabaseUrl).flatMap((place) => {
          found.push(place)
          const secret = secretAt.some(
            (marked) => place === marked || place.startsWith(`${marked}.`) || place.startsWith(`${marked}[`),
          )
          const plainEnvironment = /environment|variables|command|tags/i.test(place)
          return secret && !plainEnvironment ? [] : [`${type} ${name}: ${place}`]
        }),
      )
      const { secrets, environment } = container(graph) as { secrets?: Json; environment?: Json }
      const fromParameter = list(secrets).some(
        (secret) =>
          at(secret, 'name') === 'POSTGRES_URL' &&
          /:ssm:.*:parameter\//.test(String(at(secret, 'valueFrom'))),
      )
      return [
        ...(found.length === 0 ? ['it is nowhere: the rule is empty'] : problems),
        ...(fromParameter ? [] : ['the container does not take POSTGRES_URL from a parameter']),
        ...list(environment)
          .filter((variable) => /URL|PASSWORD|SECRET|TOKEN|KEY/.test(nameOf(variable)))
          .map((variable) => `the container’s plain environment has ${nameOf(variable)}`),
        ...one(graph, 'aws:ssm/parameter:Parameter', ({ name, inputs }) =>
          expected(name, inputs, { type: 'SecureString' }),
        ),
      ]
    },
  },
  {
    name: 'state changes of this queue’s jobs come from the default bus',
    problems: (graph) => {
      const queueArn = `arn:aws:batch:us-east-1:111111111111:job-queue/${ofType(graph, 'aws:batch/jobQueue:JobQueue')[0]?.name}`
      const wanted = {
        'detail-type': ['Batch Job State Change'],
        source: ['aws.batch'],
        detail: { jobQueue: [queueArn] },
      }
      const matching = ofType(graph, 'aws:cloudwatch/eventRule:EventRule').filter(
        ({ inputs }) =>
          inputs.eventBusName === 'default' && String(inputs.eventPattern) === JSON.stringify(wanted),
      )
      return matching.length === 1 ? [] : [`${matching.length} such rules`]
    },
  },
  {
    name: 'messages that can not be taken in end among dead letters, and somebody hears of it',
    problems: (graph) => {
      const queues = ofType(graph, 'aws:sqs/queue:Queue')
      const withDeadLetters = queues.filter(({ inputs }) => {
        const policy = JSON.parse(String(inputs.redrivePolicy ?? '{}'))
        return policy.deadLetterTargetArn && policy.maxReceiveCount <= 10
      })
      const alarms = ofType(graph, 'aws:cloudwatch/metricAlarm:MetricAlarm').filter(
        ({ inputs }) => list(inputs.alarmActions).length > 0,
      )
      return [
        ...(withDeadLetters.length === 2 && queues.length === 4
          ? []
          : [`${withDeadLetters.length} of ${queues.length} queues have dead letters`]),
        ...(alarms.length === 2 ? [] : [`${alarms.length} alarms`]),
      ]
    },
  },
  {
    name: 'the events’ function names the messages that failed',
    problems: (graph) => {
      const partial = ofType(graph, 'aws:lambda/eventSourceMapping:EventSourceMapping').filter(({ inputs }) =>
        list(inputs.functionResponseTypes).includes('ReportBatchItemFailures'),
      )
      return partial.length === 1 ? [] : [`${partial.length} mappings with partial answers`]
    },
  },
  {
    name: 'the database is compared with the service from time to time',
    problems: (graph) =>
      one(graph, 'aws:scheduler/schedule:Schedule', ({ name, inputs }) =>
        expected(name, inputs, { scheduleExpression: 'rate(5 minutes)', state: 'ENABLED' }),
      ),
  },
  {
    name: 'a budget warns before the month’s money is spent',
    problems: (graph) =>
      one(graph, 'aws:budgets/budget:Budget', ({ name, inputs }) => [
        ...expected(name, inputs, { timeUnit: 'MONTHLY', budgetType: 'COST' }),
        ...(list(inputs.notifications).length >= 2 ? [] : ['fewer than two warnings']),
      ]),
  },
  {
    name: 'a removal keeps what a production stage has, and nothing of another',
    problems: (graph) => {
      const production = graph.stage === 'production'
      const { removal, protect } = graph.app
      const wanted = production ? 'retain' : 'remove'
      return removal === wanted && protect === production
        ? []
        : [`${graph.stage}: ${removal}, protect ${protect}`]
    },
  },
]

interface Statement {
  readonly role: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

/** Of the policies that stand in roles. Who may assume a role is another matter. */
export function allStatements(graph: Graph): Statement[] {
  return ofType(graph, 'aws:iam/role:Role').flatMap(({ name, inputs }) =>
    list(inputs.inlinePolicies).flatMap((policy) => {
      const statements: unknown = JSON.parse(String(at(policy, 'policy'))).Statement
      if (!Array.isArray(statements)) return []
      return statements.map(({ actions, resources }) => ({ role: name, actions, resources }))
    }),
  )
}

/** Paths of the strings in `value` that hold `text`. */
function placesOf(value: Json, text: string, path = ''): string[] {
  if (typeof value === 'string') return value.includes(text) ? [path] : []
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) return value.flatMap((item, index) => placesOf(item, text, `${path}[${index}]`))
  return Object.entries(value).flatMap(([key, item]) =>
    placesOf(item, text, path === '' ? key : `${path}.${key}`),
  )
}
