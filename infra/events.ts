import { launchDeadLetters } from './api.ts'
import { batchVariables, gpu, queue as jobQueue } from './batch.ts'
import { secrets } from './secrets.ts'
import { settingsOf } from './stage.ts'

const settings = settingsOf($app.stage)

const deadLetters = new sst.aws.Queue('BatchEventsDeadLetters')
const events = new sst.aws.Queue('BatchEvents', {
  // Six times what the function may take, as for the queue of launches.
  visibilityTimeout: '3 minutes',
  dlq: { queue: deadLetters.arn, retry: 5 },
})
events.subscribe(
  {
    handler: 'functions/batch-events/src/handler.handler',
    runtime: 'nodejs22.x',
    timeout: '30 seconds',
    logging: { retention: settings.functionLogRetention },
    link: [secrets.postgresUrl],
  },
  { batch: { size: 10, partialResponses: true } },
)

// AWS Batch tells its events to the account's default bus.
const bus = sst.aws.Bus.get('DefaultBus', 'default')
bus.subscribeQueue('BatchState', events, {
  pattern: {
    source: ['aws.batch'],
    detailType: ['Batch Job State Change'],
    detail: { jobQueue: [jobQueue.arn] },
  },
})

/** Events may be lost and functions may die: what they left is found by looking. */
const reconcile = new sst.aws.CronV2('Reconcile', {
  schedule: 'rate(5 minutes)',
  function: {
    handler: 'functions/reconcile/src/handler.handler',
    runtime: 'nodejs22.x',
    timeout: '2 minutes',
    // The scheduler calls it without waiting, and Lambda would try twice more by itself.
    retries: 0,
    logging: { retention: settings.functionLogRetention },
    link: [secrets.postgresUrl, gpu],
    environment: batchVariables,
  },
})

// --- alarms -----------------------------------------------------------------------------------------------------------
const alarms = new aws.sns.Topic('Alarms')
new aws.sns.TopicSubscription('AlarmsByMail', {
  topic: alarms.arn,
  protocol: 'email',
  endpoint: secrets.operatorEmail.value,
})

for (const [name, queue] of [
  ['LaunchDeadLettersAlarm', launchDeadLetters],
  ['BatchEventsDeadLettersAlarm', deadLetters],
] as const) {
  new aws.cloudwatch.MetricAlarm(name, {
    alarmDescription: 'A message was given up: docs/deploy.md, "When something is wrong"',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: 'Maximum',
    comparisonOperator: 'GreaterThanThreshold',
    threshold: 0,
    period: 300,
    evaluationPeriods: 1,
    treatMissingData: 'notBreaching',
    alarmActions: [alarms.arn],
  })
}

/** It mends what all others left, and nothing tries it again but the clock. */
new aws.cloudwatch.MetricAlarm('ReconcileErrorsAlarm', {
  alarmDescription: 'Reconcile fails: docs/deploy.md, "When something is wrong"',
  namespace: 'AWS/Lambda',
  metricName: 'Errors',
  dimensions: { FunctionName: reconcile.nodes.function.apply((made) => made.name) },
  statistic: 'Sum',
  comparisonOperator: 'GreaterThanThreshold',
  // Of the three that run in a quarter of an hour.
  threshold: 1,
  period: 900,
  evaluationPeriods: 1,
  treatMissingData: 'notBreaching',
  alarmActions: [alarms.arn],
})

/** A queue whose first job cannot be placed holds up all others. */
const blocked = new aws.cloudwatch.EventRule('JobQueueBlocked', {
  eventPattern: $jsonStringify({
    source: ['aws.batch'],
    'detail-type': ['Batch Job Queue Blocked'],
    resources: [jobQueue.arn],
  }),
})
new aws.cloudwatch.EventTarget('JobQueueBlockedByMail', { rule: blocked.name, arn: alarms.arn })
new aws.sns.TopicPolicy('AlarmsPolicy', {
  arn: alarms.arn,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ['sns:Publish'],
        resources: [alarms.arn],
        principals: [{ type: 'Service', identifiers: ['cloudwatch.amazonaws.com'] }],
        conditions: [
          {
            test: 'StringEquals',
            variable: 'aws:SourceAccount',
            values: [aws.getCallerIdentityOutput().accountId],
          },
        ],
      },
      {
        // EventBridge sends SNS nothing that a condition could look at: with one it would never be let in.
        actions: ['sns:Publish'],
        resources: [alarms.arn],
        principals: [{ type: 'Service', identifiers: ['events.amazonaws.com'] }],
      },
    ],
  }).json,
})
