import { type EpochRow, epochRows } from '@mate-bench/harness/learning-curve'
import { decodePredictions, type PredictionsFile } from '@mate-bench/harness/predictions-file'
import type { ArtifactRole, Manifest } from '@mate-bench/schema'
import { parseSha256, type RunDetail } from '@mate-bench/store'
import { reportFault } from './report-fault.ts'
import { getArtifacts } from './store.ts'
import { createVersionCache } from './version-cache.ts'

/** What pages draw from the files of a run. */
export interface RunFiles {
  readonly predictions: PredictionsFile
  /** Undefined without a validation split. */
  readonly validation: PredictionsFile | undefined
  readonly epochs: readonly EpochRow[]
}

/** Or why there is nothing to draw: a page says so and shows the rest. */
export type RunFilesResult =
  | ({ readonly found: true } & RunFiles)
  | { readonly found: false; readonly reason: string }

type PublishedRun = Pick<RunDetail, 'manifest' | 'synthetic'>

const keep = createVersionCache<RunFiles>(32)

const unreadable = { found: false, reason: 'The files of this run cannot be read at the moment.' } as const

/** Files of a published run, held to their digests by the artifact store. */
export async function getRunFiles({ manifest, synthetic }: PublishedRun): Promise<RunFilesResult> {
  // What was made up for a load test may have no files: that is no fault.
  if (synthetic && !manifest.artifacts.some(({ role }) => role === 'predictions')) return unreadable
  try {
    return { found: true, ...(await keep(manifest.runId, manifest.manifestDigest, () => load(manifest))) }
  } catch (thrown) {
    reportFault(thrown)
    return unreadable
  }
}

async function load(manifest: Manifest): Promise<RunFiles> {
  const artifacts = await getArtifacts()
  const read = async (role: ArtifactRole) => {
    const listed = manifest.artifacts.find((artifact) => artifact.role === role)
    return listed && (await artifacts.get(parseSha256(listed.sha256)))
  }
  const [test, validation, metrics] = await Promise.all([
    read('predictions'),
    read('validation-predictions'),
    read('metrics'),
  ])
  if (!test) throw new RangeError(`The manifest of ${manifest.runId} lists no predictions.`)
  return {
    predictions: await decodePredictions(test, `the predictions of ${manifest.runId}`),
    validation: validation && (await decodePredictions(validation, `the predictions of ${manifest.runId}`)),
    epochs: metrics ? epochRows(jsonLines(new TextDecoder().decode(metrics))) : [],
  }
}

function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line))
}
