import { batchTargetFromEnvironment, cloudVariables } from '@mate-bench/cloud'
import { BenchError } from '@mate-bench/schema'
import { settingsOf } from '../../stage.ts'
import { at, jobDefinitionArn, jobQueueArn, only, types } from '../graph.ts'
import type { Graph, Json } from '../synth.ts'
import { first, type MutableJson, setting } from './mistakes.ts'
import { type Rule, valuesRule } from './rule.ts'

const functions = ['LaunchSubscriber', 'ReconcileHandler']
const { jobQueue, jobDefinition, maximumActiveJobs, attemptSeconds, capacityWaitSeconds } = cloudVariables
const targetVariables = [jobQueue, jobDefinition, maximumActiveJobs, attemptSeconds, capacityWaitSeconds]

const variablesOf = (graph: Graph, name: string) =>
  at(only(graph, types.function, name).inputs, 'environment.variables') as Record<string, string>

function targetOf(variables: Record<string, string>): unknown {
  try {
    return batchTargetFromEnvironment(variables)
  } catch (thrown) {
    if (!(thrown instanceof BenchError)) throw thrown
    return thrown.problems?.map(({ path }) => path)
  }
}

/** The site's function, or what stands for it. */
export const siteVariables = (graph: Graph): { readonly [key: string]: Json } => {
  const standIn = graph.resources.find(({ type }) => type === 'site')
  const server = graph.resources.find(
    ({ type, inputs }) =>
      type === types.function && at(inputs, `environment.variables.${cloudVariables.launcher}`) !== undefined,
  )
  return (standIn?.inputs.environment ?? at(server?.inputs, 'environment.variables') ?? {}) as {
    readonly [key: string]: Json
  }
}

const changingSite = (variable: string, value: string) => (graph: Parameters<typeof first>[0]) => {
  const variables = first(graph, 'site').inputs.environment as MutableJson
  variables[variable] = value
}

export const wiringRules: readonly Rule[] = [
  {
    name: 'functions that submit read where to, and how many, from the names that they are told',
    problems: (graph) => {
      const { maximumActiveJobs, attemptHours, capacityWaitHours } = settingsOf(graph.stage)
      const wanted = JSON.stringify({
        jobQueue: jobQueueArn,
        jobDefinition: `${jobDefinitionArn}:1`,
        maximumActiveJobs,
        attemptSeconds: attemptHours * 3600,
        capacityWaitSeconds: capacityWaitHours * 3600,
      })
      return functions.flatMap((name) => {
        const variables = variablesOf(graph, name)
        const target = JSON.stringify(targetOf(variables))
        return [
          // Where one is missing a default may happen to be right.
          ...targetVariables
            .filter((variable) => !variables[variable])
            .map((variable) => `${name}: no ${variable}`),
          ...(target === wanted ? [] : [`${name}: ${target}`]),
          ...(variables[cloudVariables.logGroup] === 'TrainerLogs' ? [] : [`${name}: no log group`]),
        ]
      })
    },
    mistakes: functions.flatMap((name) => [
      ...targetVariables.map((variable) => ({
        what: `${name} has ${variable} under another name`,
        make: (graph: Parameters<typeof first>[0]) => {
          const variables = (first(graph, types.function, name).inputs.environment as MutableJson)
            .variables as MutableJson
          variables[`${variable}S`] = variables[variable] ?? ''
          delete variables[variable]
        },
        finds: `${name}: no ${variable}`,
      })),
      {
        what: `${name} has another number of jobs`,
        make: setting(types.function, `environment.variables.${maximumActiveJobs}`, '99', name),
        finds: '"maximumActiveJobs":99',
      },
      {
        what: `${name} has another log group`,
        make: setting(types.function, `environment.variables.${cloudVariables.logGroup}`, 'other', name),
        finds: `${name}: no log group`,
      },
    ]),
  },
  valuesRule(
    'each function has its handler, and its time',
    (
      [
        ['LaunchSubscriber', 'functions/launch/src/handler.handler', 60],
        ['ReconcileHandler', 'functions/reconcile/src/handler.handler', 120],
        ['BatchEventsSubscriber', 'functions/batch-events/src/handler.handler', 30],
      ] as const
    ).map(([name, handler, timeout]) => ({
      type: types.function,
      name,
      count: 1,
      values: { handler, timeout, runtime: 'nodejs22.x' },
    })),
  ),
  {
    name: 'the site knows where it is reached, where to hand over, how much to take, and whose address a request has',
    problems: (graph) => {
      const variables = siteVariables(graph)
      const queue = only(graph, types.queue, 'LaunchQueue').inputs.name
      const bucket = only(graph, types.bucket, 'Artifacts').inputs.bucket
      const header = String(variables.TRUSTED_PROXY)
      const { code } = only(graph, 'aws:cloudfront/function:Function', 'SiteCloudfrontFunctionRequest').inputs
      return [
        ...(variables.MATE_BENCH_URL === 'https://d111111abcdef8.cloudfront.net'
          ? []
          : [`reached at ${variables.MATE_BENCH_URL}`]),
        ...(String(variables[cloudVariables.launchQueueUrl]).endsWith(`/${queue}`) ? [] : ['wakes nobody']),
        ...(variables[cloudVariables.launcher] === 'aws-batch' ? [] : ['trains itself']),
        // By its name: where it is missing the site has a limit of its own.
        ...(Number(variables.MATE_BENCH_MAX_MACS) === settingsOf(graph.stage).maximumMacs
          ? []
          : [`takes up to ${variables.MATE_BENCH_MAX_MACS} MACs`]),
        ...(variables.MATE_BENCH_ARTIFACTS === `s3://${bucket}/artifacts` ? [] : ['reads elsewhere']),
        ...(String(code).includes(`event.request.headers["${header}"] = { value: event.viewer.ip };`)
          ? []
          : [`nothing before it writes ${header}`]),
      ]
    },
    mistakes: [
      { what: 'itself', make: changingSite('MATE_BENCH_URL', 'http://localhost:3000'), finds: 'localhost' },
      {
        what: 'another queue',
        make: changingSite(cloudVariables.launchQueueUrl, 'https://sqs/other'),
        finds: 'wakes nobody',
      },
      { what: 'no launcher', make: changingSite(cloudVariables.launcher, 'local'), finds: 'trains itself' },
      {
        what: 'another limit',
        make: changingSite('MATE_BENCH_MAX_MACS', '1e18'),
        finds: 'takes up to 1e18 MACs',
      },
      {
        what: 'another bucket',
        make: changingSite('MATE_BENCH_ARTIFACTS', 's3://other/artifacts'),
        finds: 'reads elsewhere',
      },
      {
        what: 'a header that clients write',
        make: changingSite('TRUSTED_PROXY', 'x-forwarded-for'),
        finds: 'nothing before it writes x-forwarded-for',
      },
    ],
  },
]
