import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { BenchError } from '@mate-bench/schema'
import {
  type ArtifactStore,
  artifactDamaged,
  artifactKey,
  artifactNotFound,
  type Sha256,
} from './artifact-store.ts'
import { sha256Of } from './digest.ts'
import { openS3Client } from './s3-client.ts'

export interface S3Options {
  readonly bucket: string
  /** Put before every key; no slash at either end. */
  readonly prefix?: string | undefined
  /** Where the bucket is public, such as `https://artifacts.example.org`. */
  readonly publicUrl?: string | undefined
}

/** Artifacts in a bucket of S3 or of anything that speaks its protocol. */
export function openS3Artifacts(
  { bucket, prefix, publicUrl }: S3Options,
  client: S3Client = openS3Client(),
): ArtifactStore {
  const where = `s3://${[bucket, prefix].filter((part) => part !== undefined && part !== '').join('/')}`
  const place = (sha256: Sha256) => ({
    Bucket: bucket,
    Key: prefix ? `${prefix}/${artifactKey(sha256)}` : artifactKey(sha256),
  })
  const head = async (sha256: Sha256) => {
    const found = await client.send(new HeadObjectCommand(place(sha256))).catch(missingIsUndefined(where))
    return found ? { bytes: found.ContentLength ?? 0 } : undefined
  }
  return {
    where,
    head,
    async put(bytes, mediaType) {
      const sha256 = sha256Of(bytes)
      const present = await head(sha256)
      if (present?.bytes === bytes.length) return sha256
      const upload = new PutObjectCommand({
        ...place(sha256),
        Body: bytes,
        ContentLength: bytes.length,
        ContentType: mediaType,
        // The service refuses bytes that were damaged on the way.
        ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      })
      await client.send(upload).catch((thrown) => {
        throw s3Error(where, thrown)
      })
      return sha256
    },
    async get(sha256) {
      const bytes = await client
        .send(new GetObjectCommand(place(sha256)))
        // The connection may also be lost in the middle of the object.
        .then(({ Body }) => Body?.transformToByteArray())
        .catch(missingIsUndefined(where))
      if (!bytes) throw artifactNotFound(sha256, where)
      const found = sha256Of(bytes)
      if (found !== sha256) throw artifactDamaged(sha256, found, where)
      return bytes
    },
    ...(publicUrl === undefined
      ? {}
      : { url: (sha256: Sha256) => `${publicUrl.replace(/\/$/, '')}/${place(sha256).Key}` }),
  }
}

function missingIsUndefined(where: string): (thrown: unknown) => undefined {
  return (thrown) => {
    const missing =
      thrown instanceof S3ServiceException &&
      thrown.name !== 'NoSuchBucket' &&
      thrown.$metadata.httpStatusCode === 404
    if (missing) return undefined
    throw s3Error(where, thrown)
  }
}

function s3Error(where: string, thrown: unknown): BenchError {
  const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  return new BenchError({
    code: 'storage',
    message: `The artifacts in ${where} cannot be reached: ${reason.replace(/\.$/, '')}.`,
    path: where,
    hint: 'Check the bucket, AWS_ENDPOINT_URL_S3 and the credentials, then try again: what is there already is not sent twice.',
    cause: thrown,
  })
}
