import { digestJson } from '@mate-bench/provenance'

/** The id of the entry that a spec makes on a track: the same everywhere, whoever publishes first. */
export function entryIdOf(trackDigest: string, specDigest: string): string {
  const digest = digestJson({ spec: specDigest, track: trackDigest })
  return `entry_${digest.slice('sha256:'.length, 'sha256:'.length + 20)}`
}
