import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { BenchError } from '@mate-bench/schema'
import type { ArtifactStore } from './artifact-store.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** `mate-bench/artifacts` in the user's data folder. */
export function defaultArtifactsFolder(env: Environment = process.env): string {
  if (process.platform === 'win32' && env.LOCALAPPDATA)
    return join(env.LOCALAPPDATA, 'mate-bench', 'artifacts')
  const data = env.XDG_DATA_HOME || join(homedir(), '.local', 'share')
  // Without the comments the site's bundler takes the whole project for files that the site reads.
  return join(/*turbopackIgnore: true*/ resolve(/*turbopackIgnore: true*/ data), 'mate-bench', 'artifacts')
}

/**
 * The artifact store that is meant by `where`: `s3://BUCKET/PREFIX`, or a folder.
 *
 * @param where default: `MATE_BENCH_ARTIFACTS`, else a folder of the user's
 * @throws BenchError `bad-input` for an `s3:` URL without a bucket
 */
export async function openArtifacts(where?: string, env: Environment = process.env): Promise<ArtifactStore> {
  const place = where ?? env.MATE_BENCH_ARTIFACTS ?? defaultArtifactsFolder(env)
  if (!place.startsWith('s3:')) {
    const { openFolderArtifacts } = await import('./folder-artifacts.ts')
    return openFolderArtifacts(place)
  }
  const [, bucket, prefix] = /^s3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/(.*?))?\/?$/.exec(place) ?? []
  if (bucket === undefined) {
    throw new BenchError({
      code: 'bad-input',
      message: `${place} names no bucket.`,
      path: 'MATE_BENCH_ARTIFACTS',
      hint: 'Write s3://BUCKET or s3://BUCKET/PREFIX, or the path of a folder.',
    })
  }
  // The SDK takes a moment to load, which a folder should not cost.
  const { openS3Artifacts } = await import('./s3-artifacts.ts')
  return openS3Artifacts({ bucket, prefix, publicUrl: env.MATE_BENCH_ARTIFACTS_URL })
}
