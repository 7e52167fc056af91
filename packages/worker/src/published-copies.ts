import { digestWeightsFile, fingerprintOf } from '@mate-bench/harness/fingerprint'
import { decodePredictions } from '@mate-bench/harness/predictions-file'
import {
  type Check,
  checkOf,
  type RunFingerprint,
  relateRuns,
  relationCheck,
} from '@mate-bench/harness/verify'
import { type ArtifactRole, BenchError, type Manifest } from '@mate-bench/schema'
import {
  type ArtifactStore,
  type Db,
  entryIdOf,
  parseSha256,
  type RunOfLikeWeights,
  runsOfEntry,
  runsOfLikeWeights,
  sharedFiles,
} from '@mate-bench/store'

export interface CopiesChecked {
  readonly checks: readonly Check[]
  /** Ids of the published runs that it was compared with. */
  readonly compared: ReadonlySet<string>
}

/**
 * Compares a run that is about to be published with those that are: by content with the runs of its entry, by
 * its weights and by the bytes of its files with all runs of its track. A copy fails; what is near, or the same in another
 * experiment, is flagged.
 *
 * @param known published runs that it was compared with before
 */
export async function checkCopies(
  db: Db,
  artifacts: ArtifactStore,
  manifest: Manifest,
  fingerprint: RunFingerprint,
  known: ReadonlySet<string> = new Set(),
): Promise<CopiesChecked> {
  const { track, runId } = manifest
  const { experimentDigest } = fingerprint
  const published = (await runsOfEntry(db, entryIdOf(track.digest, experimentDigest))).filter(
    ({ id }) => id !== runId && !known.has(id),
  )
  const others: RunFingerprint[] = []
  for (const run of published) {
    const found = await publishedFingerprint(artifacts, run.manifest)
    if (found) others.push(found)
  }
  const alike = (await runsOfLikeWeights(db, manifest)).filter((run) => !known.has(run.runId))
  const sameWeights = await checkWeights(alike, artifacts, manifest, fingerprint)
  const relations = relateRuns([...others, fingerprint]).filter(({ run }) => run === fingerprint)
  const elsewhere = (await sharedFiles(db, manifest)).filter(
    (file) =>
      file.role === 'predictions' &&
      file.experimentDigest !== experimentDigest &&
      file.seed === manifest.seed &&
      !known.has(file.runId),
  )
  const checks = [
    ...relations.map(relationCheck),
    ...sameWeights,
    ...elsewhere.map((file) =>
      checkOf(
        'other runs',
        'flagged',
        `its predictions are identical to those of ${file.specName} seed ${file.seed} (${file.runId}), in another experiment`,
      ),
    ),
  ]
  const compared = [...published.map(({ id }) => id), ...alike.map((run) => run.runId)]
  return { checks, compared: new Set([...known, ...compared]) }
}

/**
 * Every published run of its track that has these very weights, but for a repeat of this experiment and seed. A model file says
 * what its spec is called, so the bytes of a copy need not be the same.
 */
async function checkWeights(
  alike: readonly RunOfLikeWeights[],
  artifacts: ArtifactStore,
  manifest: Manifest,
  { weights, experimentDigest }: RunFingerprint,
): Promise<Check[]> {
  if (weights === null) return []
  const checks: Check[] = []
  for (const run of alike) {
    const sameSeed = run.seed === manifest.seed
    if (sameSeed && run.experimentDigest === experimentDigest) continue
    const bytes = await artifacts.get(parseSha256(run.sha256)).catch(unlessLost)
    if (!bytes || digestWeightsFile(bytes, `the weights of ${run.runId}`) !== weights) continue
    const them = `its weights are identical to those of ${run.specName} seed ${run.seed} (${run.runId})`
    checks.push(
      sameSeed
        ? checkOf('other runs', 'flagged', `${them}, in another experiment`)
        : checkOf('other runs', 'failed', `${them}, another training: one of them is a copy`),
    )
  }
  return checks
}

/** What is lost can't be compared with; a store that can't be reached is no reason to leave the comparison out. */
function unlessLost(thrown: unknown): undefined {
  if (thrown instanceof BenchError && thrown.code !== 'storage') return undefined
  throw thrown
}

/** Undefined where its files are not in the artifact store: what is lost can't be compared with. */
async function publishedFingerprint(
  artifacts: ArtifactStore,
  manifest: Manifest,
): Promise<RunFingerprint | undefined> {
  const read = async (role: ArtifactRole) => {
    const listed = manifest.artifacts.find((artifact) => artifact.role === role)
    return listed && (await artifacts.get(parseSha256(listed.sha256)))
  }
  try {
    const [predictions, metrics] = [await read('predictions'), await read('metrics')]
    if (!predictions) return undefined
    const { table } = await decodePredictions(predictions, `the predictions of ${manifest.runId}`)
    return fingerprintOf({ manifest, table, epochs: metrics && rowsOf(metrics), weights: undefined })
  } catch (thrown) {
    return unlessLost(thrown)
  }
}

function rowsOf(bytes: Uint8Array): unknown[] {
  const lines = new TextDecoder().decode(bytes).split('\n')
  return lines.flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]))
}
