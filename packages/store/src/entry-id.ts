import { digestJson } from '@mate-bench/provenance'

/** The id of the entry that an experiment makes on a track: the same everywhere, whoever publishes first. */
export function entryIdOf(trackDigest: string, experimentDigest: string): string {
  return idOf(digestJson({ experiment: experimentDigest, track: trackDigest }))
}

/** The id that entries had when each spec made one of its own: links to it lead to the entry of its experiment. */
export function formerEntryIdOf(trackDigest: string, specDigest: string): string {
  return idOf(digestJson({ spec: specDigest, track: trackDigest }))
}

function idOf(digest: string): string {
  return `entry_${digest.slice('sha256:'.length, 'sha256:'.length + 20)}`
}
