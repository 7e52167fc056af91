import {
  CloudWatchLogsClient,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs'
import { BenchError } from '@mate-bench/schema'
import { reasonOf } from './aws-words.ts'

export interface LogPage {
  /** There may be none although there are more behind them. */
  readonly lines: readonly { readonly at: Date; readonly text: string }[]
  /** For the next page; the same again where there is none yet. */
  readonly next: string | undefined
}

/** What containers wrote, kept by CloudWatch. */
export interface JobLogs {
  /** @throws BenchError `storage` */
  read(stream: string, from?: string): Promise<LogPage>
}

/** Credentials, region and endpoint (AWS_ENDPOINT_URL_CLOUDWATCH_LOGS) are found by the SDK. */
export function openJobLogs(
  logGroup: string,
  client: CloudWatchLogsClient = new CloudWatchLogsClient({}),
): JobLogs {
  return {
    async read(stream, from) {
      try {
        const answer = await client.send(
          new GetLogEventsCommand({
            logGroupName: logGroup,
            logStreamName: stream,
            startFromHead: true,
            ...(from === undefined ? {} : { nextToken: from }),
          }),
        )
        const lines = (answer.events ?? []).map(({ timestamp = 0, message = '' }) => ({
          at: new Date(timestamp),
          text: message,
        }))
        return { lines, next: answer.nextForwardToken ?? from }
      } catch (thrown) {
        // A container that has not written yet.
        if (thrown instanceof ResourceNotFoundException) return { lines: [], next: from }
        throw new BenchError({
          code: 'storage',
          message: `The logs cannot be read: ${reasonOf(thrown)}.`,
          path: logGroup,
          hint: 'Check the credentials (AWS_PROFILE or AWS_ACCESS_KEY_ID), AWS_REGION and MATE_BENCH_LOG_GROUP.',
        })
      }
    },
  }
}
