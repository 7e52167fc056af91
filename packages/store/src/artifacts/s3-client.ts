import { S3Client } from '@aws-sdk/client-s3'

export interface S3ClientOptions {
  /** How long a request may be without a sign of life. Default: 60,000. */
  readonly silenceMilliseconds?: number | undefined
}

/**
 * A client of S3, or of what `AWS_ENDPOINT_URL_S3` names. Credentials are found by the SDK, which itself waits for an answer
 * for ever: a container would hold its GPU until AWS Batch ends it, and ends it for good.
 */
export function openS3Client({ silenceMilliseconds = 60_000 }: S3ClientOptions = {}): S3Client {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3
  return new S3Client({
    region: process.env.AWS_REGION ?? 'us-east-1',
    // Buckets as host names need DNS that other services do not have.
    forcePathStyle: true,
    // By inactivity, also in the middle of an object: a large one may take as long as it needs.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: silenceMilliseconds },
    ...(endpoint === undefined ? {} : { endpoint }),
  })
}
