import { trainerExitCodes } from '@mate-bench/cloud'
import { isRetried, type JobDefinition } from '@mate-bench/cloud/testing'
import { settingsOf } from '../../stage.ts'
import { at, container, list, only, types } from '../graph.ts'
import type { Graph, Json } from '../synth.ts'
import { editing, editingContainer, setting } from './mistakes.ts'
import { expected, type Rule, valuesRule } from './rule.ts'

const { jobDefinition, jobQueue } = types

/** Ends of a container as AWS Batch tells them, and whether another attempt can help. */
const ends: readonly [
  what: string,
  again: boolean,
  exitCode: number | undefined,
  reason: string,
  status: string,
][] = [
  ['a machine taken away', true, undefined, '', 'Host EC2 (instance i-0123) terminated.'],
  ['an image that did not come', true, undefined, 'CannotPullContainerError: i/o timeout', 'Task failed'],
  ['a Docker that did not answer', true, undefined, 'DockerTimeoutError: 4m0s', 'Task failed to start'],
  [
    'a container that did not start',
    true,
    undefined,
    'CannotStartContainerError: nvml',
    'Task failed to start',
  ],
  ['a secret that did not come', true, undefined, 'ResourceInitializationError: ssm', 'Task failed to start'],
  [
    'what the trainer wants tried again',
    true,
    trainerExitCodes.tryAgain,
    '',
    'Essential container in task exited',
  ],
  ['a refused spec', false, trainerExitCodes.refused, '', 'Essential container in task exited'],
  ['no GPU', false, trainerExitCodes.noAccelerator, '', 'Essential container in task exited'],
  ['out of memory', false, 137, 'OutOfMemoryError: Container killed', 'Essential container in task exited'],
  ['the time limit', false, 137, '', 'Job attempt duration exceeded timeout'],
]

function retriesOf(graph: Graph): JobDefinition {
  const { retryStrategy } = only(graph, jobDefinition).inputs
  const evaluateOnExit = list(at(retryStrategy, 'evaluateOnExits'))
  return {
    retryStrategy: { attempts: at(retryStrategy, 'attempts'), evaluateOnExit },
  } as unknown as JobDefinition
}

const withoutRetry = (what: string, index: number, finds: string) => ({
  what,
  make: editing(jobDefinition, 'retryStrategy.evaluateOnExits', (rules) => rules.splice(index, 1)),
  finds,
})

/** For how long a job may wait at most, by the reasons that the service gives. */
const longestSeconds = {
  'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY': 86_400,
  'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE': 600,
  'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT': 600,
}
const waits = Object.entries(longestSeconds)

export const jobRules: readonly Rule[] = [
  {
    name: 'a job asks for exactly one GPU, and for no more than the smallest machine has',
    problems: (graph) => {
      const asked = list(at(container(graph), 'resourceRequirements'))
      const ofKind = (kind: string) =>
        asked.filter((requirement) => at(requirement, 'type') === kind).map((item) => at(item, 'value'))
      const [memory] = ofKind('MEMORY')
      return [
        ...(JSON.stringify(ofKind('GPU')) === '["1"]' ? [] : [`GPUs: ${ofKind('GPU')}`]),
        ...(JSON.stringify(ofKind('VCPU')) === '["4"]' ? [] : [`vCPUs: ${ofKind('VCPU')}`]),
        // Of 16 GiB the machine's own programs take some.
        ...(Number(memory) > 0 && Number(memory) < 15_000 ? [] : [`memory: ${memory}`]),
      ]
    },
    mistakes: (
      [
        ['no GPU', 0, '0', 'GPUs: 0'],
        ['two GPUs', 0, '2', 'GPUs: 2'],
        ['eight vCPUs', 1, '8', 'vCPUs: 8'],
        ['all of the memory', 2, '16384', 'memory: 16384'],
      ] as const
    ).map(([what, index, value, finds]) => ({
      what,
      finds,
      make: editingContainer(({ resourceRequirements }) => {
        Reflect.set(Reflect.get(resourceRequirements as object, index), 'value', value)
      }),
    })),
  },
  {
    name: 'every attempt has its stage’s time limit, and the trainer knows it',
    problems: (graph) => {
      const seconds = settingsOf(graph.stage).attemptHours * 3600
      const told = list(at(container(graph), 'environment')).find(
        (variable) => at(variable, 'name') === 'MATE_BENCH_ATTEMPT_SECONDS',
      )
      return [
        ...expected('limit', only(graph, jobDefinition).inputs, {
          'timeout.attemptDurationSeconds': seconds,
        }),
        ...expected('told', told ?? null, { value: String(seconds) }),
      ]
    },
    mistakes: [
      { what: 'none', make: setting(jobDefinition, 'timeout', null), finds: 'limit: timeout' },
      {
        what: 'another',
        make: setting(jobDefinition, 'timeout.attemptDurationSeconds', 60),
        finds: 'attemptDurationSeconds is 60',
      },
      {
        what: 'the trainer is told another',
        make: editingContainer((container) => {
          container.environment = [{ name: 'MATE_BENCH_ATTEMPT_SECONDS', value: '60' }]
        }),
        finds: 'told: value is "60"',
      },
    ],
  },
  valuesRule('a function from before a deployment can submit still, and tags reach the containers', [
    {
      type: jobDefinition,
      count: 1,
      values: { deregisterOnNewRevision: false, propagateTags: true, platformCapabilities: ['EC2'] },
    },
  ]),
  {
    name: 'a job that cannot be placed does not wait for ever',
    problems: (graph) => {
      const actions = list(only(graph, jobQueue).inputs.jobStateTimeLimitActions)
      return waits.flatMap(([reason, longest]) => {
        const action = actions.find((candidate) => at(candidate, 'reason') === reason) ?? null
        const seconds = Number(at(action, 'maxTimeSeconds'))
        return [
          ...expected(reason, action, { action: 'CANCEL', state: 'RUNNABLE' }),
          ...(seconds >= 600 && seconds <= longest ? [] : [`${reason}: after ${seconds} s`]),
        ]
      })
    },
    mistakes: waits.flatMap(([reason], index) => [
      {
        what: `${reason} is not looked at`,
        make: editing(jobQueue, 'jobStateTimeLimitActions', (actions) => actions.splice(index, 1)),
        finds: `${reason}: action is undefined`,
      },
      ...(
        [
          ['action', 'TERMINATE', 'action is "TERMINATE"'],
          ['state', 'RUNNING', 'state is "RUNNING"'],
          ['maxTimeSeconds', 604_800, 'after 604800 s'],
        ] as [string, Json, string][]
      ).map(([key, value, finds]) => ({
        what: `${reason}: another ${key}`,
        make: setting(jobQueue, `jobStateTimeLimitActions.${index}.${key}`, value),
        finds: `${reason}: ${finds}`,
      })),
    ]),
  },
  {
    name: 'what was the machine’s fault is tried again, and nothing else is',
    problems: (graph) => {
      const definition = retriesOf(graph)
      const { length } = definition.retryStrategy.evaluateOnExit
      return [
        ...(length <= 5 ? [] : [`${length} rules; the service takes five`]),
        ...ends.flatMap(([what, again, exitCode, reason, statusReason]) =>
          isRetried(definition, 1, { exitCode, reason, statusReason }) === again
            ? []
            : [`${what} is ${again ? 'not ' : ''}tried again`],
        ),
      ]
    },
    mistakes: [
      withoutRetry('no rule for reclaimed machines', 0, 'a machine taken away is not'),
      withoutRetry('no rule for the image', 1, 'an image that did not come is not'),
      withoutRetry('no rule for the start', 2, 'a Docker that did not answer is not'),
      withoutRetry('no rule for the start: the container', 2, 'a container that did not start is not'),
      withoutRetry('no rule for the start: the secret', 2, 'a secret that did not come is not'),
      withoutRetry('no rule for what the trainer asks', 3, 'what the trainer wants tried again is not'),
      ...['a refused spec', 'no GPU', 'out of memory', 'the time limit'].map((what) =>
        withoutRetry(`no last rule: ${what}`, 4, `${what} is tried again`),
      ),
      {
        what: 'one attempt only',
        make: setting(jobDefinition, 'retryStrategy.attempts', 1),
        finds: 'a machine taken away is not',
      },
      {
        what: 'a sixth rule',
        make: editing(jobDefinition, 'retryStrategy.evaluateOnExits', (rules) =>
          rules.unshift({ onExitCode: '1', action: 'EXIT' }),
        ),
        finds: '6 rules',
      },
    ],
  },
]
