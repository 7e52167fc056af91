import { batchVariables, gpu } from './batch.ts'
import { secrets } from './secrets.ts'
import { settingsOf } from './stage.ts'

// The public API is part of the site. Here is what stands behind an approval: a queue that wakes the launch function,
// so that the site itself needs no right on AWS Batch.
const settings = settingsOf($app.stage)

const deadLetters = new sst.aws.Queue('LaunchDeadLetters')
export const launchQueue = new sst.aws.Queue('Launch', {
  // Six times what the function may take: Lambda itself tries again where it has no room (AWS Lambda guide).
  visibilityTimeout: '6 minutes',
  dlq: { queue: deadLetters.arn, retry: 5 },
})
launchQueue.subscribe(
  {
    handler: 'functions/launch/src/handler.handler',
    runtime: 'nodejs22.x',
    timeout: '1 minute',
    logging: { retention: settings.functionLogRetention },
    link: [secrets.postgresUrl, gpu],
    environment: batchVariables,
  },
  { batch: { size: 10 } },
)

/** Sending to this one queue: the component's own link would give every right on it. */
export const launchWake = new sst.Linkable('LaunchQueue', {
  properties: { url: launchQueue.url },
  include: [sst.aws.permission({ actions: ['sqs:SendMessage'], resources: [launchQueue.arn] })],
})

export const launchDeadLetters = deadLetters
