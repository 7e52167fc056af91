import { type EpochRow, epochRows } from '@mate-bench/harness/learning-curve'
import { decodePredictions, type PredictionsFile } from '@mate-bench/harness/predictions-file'
import type { Artifact, ArtifactRole, Manifest } from '@mate-bench/schema'
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
  | {
      readonly found: false
      readonly reason: string
      /** For a run whose predictions were never stored here, such as one that ships: nothing is wrong. */
      readonly epochs?: readonly EpochRow[]
    }

type PublishedRun = Pick<RunDetail, 'manifest' | 'synthetic' | 'tier'>

const keep = createVersionCache<RunFiles>(32)

const unreadable = { found: false, reason: 'The files of this run cannot be read at the moment.' } as const

/** Files of a published run, held to their digests by the artifact store. */
export async function getRunFiles({ manifest, synthetic, tier }: PublishedRun): Promise<RunFilesResult> {
  // What was made up for a load test may have no files: that is no fault.
  if (synthetic && !manifest.artifacts.some(({ role }) => role === 'predictions')) return unreadable
  try {
    const epochs = tier === 'reported' ? await epochsAlone(manifest) : undefined
    if (epochs) return { found: false, reason: notHere, epochs }
    return { found: true, ...(await keep(manifest.runId, manifest.manifestDigest, () => load(manifest))) }
  } catch (thrown) {
    reportFault(thrown)
    return unreadable
  }
}

const notHere = 'The predictions of this run are not stored here.'

/** For a run whose learning curves are stored here, but not its predictions. */
async function epochsAlone(manifest: Manifest): Promise<readonly EpochRow[] | undefined> {
  const present = await presentRoles(manifest)
  if (present.has('predictions') || !present.has('metrics')) return undefined
  const listed = manifest.artifacts.find(({ role }) => role === 'metrics')
  if (!listed) return undefined
  return epochsOf(await (await getArtifacts()).get(parseSha256(listed.sha256)))
}

/** Files of a run that the artifact store has. */
export async function presentRoles({ artifacts: listed }: Manifest): Promise<ReadonlySet<ArtifactRole>> {
  const artifacts = await getArtifacts()
  const head = async ({ role, sha256 }: Artifact) =>
    (await artifacts.head(parseSha256(sha256))) === undefined ? [] : [role]
  return new Set((await Promise.all(listed.map(head))).flat())
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
    epochs: metrics ? epochsOf(metrics) : [],
  }
}

function epochsOf(metrics: Uint8Array): readonly EpochRow[] {
  return epochRows(jsonLines(new TextDecoder().decode(metrics)))
}

function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line))
}
