import { BatchClient } from '@aws-sdk/client-batch'

/**
 * The service's client; credentials, region and endpoint are found by the SDK, which itself waits for an answer for
 * ever. The launch function asks for three things while it holds a lock: they end before the database gives that
 * transaction up (`launchWaiting`), and before the function's own time is over.
 */
export function openBatchClient(): BatchClient {
  return new BatchClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 6000, throwOnRequestTimeout: true },
  })
}
