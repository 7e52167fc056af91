/** What the files of a run are for, in the order in which a manifest lists them. */
export const artifactRoles = [
  'spec',
  'metrics',
  'log',
  'predictions',
  'validation-predictions',
  'model',
] as const

export type ArtifactRole = (typeof artifactRoles)[number]

/**
 * The file of each role, and what it is served as. Both follow from the role: a manifest that could choose a media type
 * could have a log read as a web page.
 */
export const artifactFiles: Readonly<Record<ArtifactRole, { file: string; mediaType: string }>> = {
  spec: { file: 'spec.json', mediaType: 'application/json' },
  metrics: { file: 'metrics.jsonl', mediaType: 'application/jsonl' },
  log: { file: 'log.jsonl', mediaType: 'application/jsonl' },
  predictions: { file: 'predictions.parquet', mediaType: 'application/vnd.apache.parquet' },
  'validation-predictions': {
    file: 'validation-predictions.parquet',
    mediaType: 'application/vnd.apache.parquet',
  },
  model: { file: 'model.safetensors', mediaType: 'application/vnd.safetensors' },
}

/**
 * Files that stand beside a manifest, which cannot list them: one signs it, the others say when the run was begun and who
 * wrote that down.
 */
export const companionFiles = {
  signature: { file: 'signature.json', mediaType: 'application/vnd.dsse.envelope.v1+json' },
  start: { file: 'start.json', mediaType: 'application/json' },
  registration: { file: 'registration.json', mediaType: 'application/json' },
} as const

export type CompanionRole = keyof typeof companionFiles
