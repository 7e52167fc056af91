import { applyBatchEvent } from '@mate-bench/cloud'
import { openLinkedStore } from '@mate-bench/cloud/linked-database'
import { BenchError, benchErrorFromUnknown } from '@mate-bench/schema'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'

/**
 * State changes of AWS Batch, through a queue. Those that could not be taken in are named, so that only they come
 * again; one that can never be taken in ends among the dead letters.
 */
export async function handler(event: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> {
  const { db } = await openLinkedStore()
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = []
  for (const { messageId, body } of event.Records) {
    try {
      const outcome = await applyBatchEvent(db, parse(body))
      console.log(`${messageId}: ${outcome}`)
    } catch (thrown) {
      console.error(`${messageId}: ${benchErrorFromUnknown(thrown).message}`)
      batchItemFailures.push({ itemIdentifier: messageId })
    }
  }
  return { batchItemFailures }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new BenchError({ code: 'bad-input', message: 'The message is no JSON.', cause })
  }
}
