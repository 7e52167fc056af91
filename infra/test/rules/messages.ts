import { settingsOf } from '../../stage.ts'
import { calledName, jobQueueArn, list, ofType, only, topicArn, types } from '../graph.ts'
import { type Graph, type Json, mockEmail } from '../synth.ts'
import { first, setting } from './mistakes.ts'
import { type Rule, valuesRule } from './rule.ts'

const { alarm, eventRule, eventTarget, queue } = types

const queueArn = (name: string) => (graph: Graph) =>
  `arn:aws:sqs:us-east-1:111111111111:queue/${calledName(graph, queue, name)}`

const withDeadLetters = (name: string) => ({
  type: queue,
  name: `${name}Queue`,
  count: 1,
  values: {
    redrivePolicy: (graph: Graph) =>
      JSON.stringify({
        deadLetterTargetArn: queueArn(`${name}DeadLettersQueue`)(graph),
        maxReceiveCount: 5,
      }),
    // A message that comes again while it is worked on would be counted as one more failure.
    visibilityTimeoutSeconds: (graph: Graph) =>
      6 * Number(only(graph, types.function, `${name}Subscriber`).inputs.timeout),
  },
})

const alarmFor = (name: string, values: Readonly<Record<string, Json | ((graph: Graph) => Json)>>) => ({
  type: alarm,
  name,
  count: 1,
  values: {
    ...values,
    comparisonOperator: 'GreaterThanThreshold',
    evaluationPeriods: 1,
    treatMissingData: 'notBreaching',
    alarmActions: [topicArn],
  },
})

const deadLettersAlarm = (name: string) =>
  alarmFor(`${name}DeadLettersAlarm`, {
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: (graph) => ({ QueueName: calledName(graph, queue, `${name}DeadLettersQueue`) }),
    statistic: 'Maximum',
    threshold: 0,
  })

const notification = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
  comparisonOperator: 'GREATER_THAN',
  notificationType,
  subscriberEmailAddresses: [mockEmail],
  threshold,
  thresholdType: 'PERCENTAGE',
})

/** Of the functions that take messages of the two queues. */
const mappings = (graph: Graph, name: string) =>
  ofType(graph, 'aws:lambda/eventSourceMapping:EventSourceMapping', name)

export const messageRules: readonly Rule[] = [
  valuesRule('state changes of this queue’s jobs come from the default bus', [
    {
      type: eventRule,
      name: 'BatchState',
      count: 1,
      values: {
        eventBusName: 'default',
        state: 'ENABLED',
        eventPattern: JSON.stringify({
          'detail-type': ['Batch Job State Change'],
          source: ['aws.batch'],
          detail: { jobQueue: [jobQueueArn] },
        }),
      },
    },
    {
      type: eventTarget,
      name: 'BatchState',
      count: 1,
      values: {
        eventBusName: 'default',
        rule: (graph) => calledName(graph, eventRule, 'BatchState'),
        arn: queueArn('BatchEventsQueue'),
      },
    },
  ]),
  valuesRule(
    'messages have six times what their function may take, and end among dead letters after five times',
    [withDeadLetters('Launch'), withDeadLetters('BatchEvents')],
  ),
  valuesRule('somebody hears of messages that were given up, and of a reconcile that fails', [
    deadLettersAlarm('Launch'),
    deadLettersAlarm('BatchEvents'),
    alarmFor('ReconcileErrorsAlarm', {
      namespace: 'AWS/Lambda',
      metricName: 'Errors',
      dimensions: (graph) => ({ FunctionName: calledName(graph, types.function, 'ReconcileHandler') }),
      statistic: 'Sum',
      threshold: 1,
      period: 900,
    }),
    {
      type: 'aws:sns/topicSubscription:TopicSubscription',
      count: 1,
      values: { topic: topicArn, protocol: 'email', endpoint: mockEmail },
    },
  ]),
  valuesRule('somebody hears of a queue that is blocked', [
    {
      type: eventRule,
      name: 'JobQueueBlocked',
      count: 1,
      values: {
        eventPattern: JSON.stringify({
          source: ['aws.batch'],
          'detail-type': ['Batch Job Queue Blocked'],
          resources: [jobQueueArn],
        }),
      },
    },
    {
      type: eventTarget,
      name: 'JobQueueBlocked',
      count: 1,
      values: { arn: topicArn, rule: 'JobQueueBlocked' },
    },
    {
      type: 'aws:sns/topicPolicy:TopicPolicy',
      count: 1,
      values: {
        arn: topicArn,
        policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              actions: ['sns:Publish'],
              conditions: [{ test: 'StringEquals', values: ['111111111111'], variable: 'aws:SourceAccount' }],
              principals: [{ identifiers: ['cloudwatch.amazonaws.com'], type: 'Service' }],
              resources: [topicArn],
            },
            {
              actions: ['sns:Publish'],
              principals: [{ identifiers: ['events.amazonaws.com'], type: 'Service' }],
              resources: [topicArn],
            },
          ],
        }),
      },
    },
  ]),
  {
    name: 'the events’ function names the messages that failed, and that of launches takes all or nothing',
    problems: (graph) =>
      (
        [
          ['BatchEventsSubscriber', ['ReportBatchItemFailures'], 'BatchEventsQueue'],
          ['LaunchSubscriber', [], 'LaunchQueue'],
        ] as const
      ).flatMap(([name, answers, from]) => {
        const [mapping, ...others] = mappings(graph, name)
        const found = list(mapping?.inputs.functionResponseTypes)
        return [
          ...(mapping && others.length === 0 ? [] : [`${name}: ${others.length} mappings too many`]),
          ...(found.join() === answers.join() ? [] : [`${name}: answers ${found.join()}`]),
          ...(mapping?.inputs.eventSourceArn === queueArn(from)(graph) ? [] : [`${name}: not from ${from}`]),
        ]
      }),
    mistakes: ['BatchEventsSubscriber', 'LaunchSubscriber'].flatMap((name) => {
      const type = 'aws:lambda/eventSourceMapping:EventSourceMapping'
      return [
        {
          what: `${name} answers otherwise`,
          make: setting(
            type,
            'functionResponseTypes',
            name === 'LaunchSubscriber' ? ['ReportBatchItemFailures'] : [],
            name,
          ),
          finds: `${name}: answers`,
        },
        {
          what: `${name} listens elsewhere`,
          make: setting(type, 'eventSourceArn', 'another', name),
          finds: `${name}: not from`,
        },
        {
          what: `${name} listens twice`,
          make: (graph: Parameters<typeof first>[0]) => graph.resources.push({ ...first(graph, type, name) }),
          finds: `${name}: 1 mappings too many`,
        },
      ]
    }),
  },
  valuesRule('the database is compared with the service by the clock, once each time', [
    {
      type: 'aws:scheduler/schedule:Schedule',
      count: 1,
      values: {
        scheduleExpression: 'rate(5 minutes)',
        state: 'ENABLED',
        'target.arn': (graph) =>
          `arn:aws:lambda:us-east-1:111111111111:function/${calledName(graph, types.function, 'ReconcileHandler')}`,
        'target.retryPolicy.maximumRetryAttempts': 0,
      },
    },
    {
      // The alarm counts failures: each is one of the clock's calls.
      type: 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig',
      name: 'ReconcileHandler',
      count: 1,
      values: { maximumRetryAttempts: 0 },
    },
  ]),
  valuesRule('a budget warns the operator before the month’s money is spent', [
    {
      type: 'aws:budgets/budget:Budget',
      count: 1,
      values: {
        timeUnit: 'MONTHLY',
        budgetType: 'COST',
        limitUnit: 'USD',
        limitAmount: (graph) => String(settingsOf(graph.stage).monthlyBudgetDollars),
        notifications: [
          notification('ACTUAL', 50),
          notification('ACTUAL', 90),
          notification('FORECASTED', 100),
        ],
      },
    },
  ]),
]
