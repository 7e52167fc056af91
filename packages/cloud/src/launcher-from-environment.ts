import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { BenchError } from '@mate-bench/schema'
import { type Launcher, localQueue } from '@mate-bench/store'
import { awsBatchLauncher } from './aws-batch-launcher.ts'
import { cloudVariables } from './environment.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What trains approved submissions here: the workers of this database, or AWS Batch. Nothing else needs to know.
 *
 * @throws BenchError `bad-input` for a launcher of another name, or AWS Batch without the queue that wakes it
 */
export function launcherFromEnvironment(env: Environment = process.env): Launcher {
  const name = env[cloudVariables.launcher] || 'local'
  if (name === 'local') return localQueue
  if (name !== 'aws-batch') {
    throw new BenchError({
      code: 'bad-input',
      message: `There is no launcher "${name.slice(0, 40)}".`,
      path: cloudVariables.launcher,
      hint: 'It is local, or aws-batch.',
    })
  }
  const queueUrl = env[cloudVariables.launchQueueUrl]
  if (!queueUrl) {
    throw new BenchError({
      code: 'bad-input',
      message: 'AWS Batch needs the URL of the queue that wakes its launch function.',
      path: cloudVariables.launchQueueUrl,
      hint: 'The deployment sets it.',
    })
  }
  // The queue's URL is its name; where its service is, the region or AWS_ENDPOINT_URL_SQS says.
  const client = new SQSClient({
    useQueueUrlAsEndpoint: false,
    // Somebody waits for the answer to an approval, which stands without this; the SDK would wait a quarter of an hour.
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true },
  })
  return awsBatchLauncher(async () => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{"wake":true}' }))
  })
}
