import { BenchError } from '@mate-bench/schema'
import {
  type ArtifactRow,
  type ArtifactStore,
  artifactsOfRun,
  type Db,
  findRun,
  parseSha256,
} from '@mate-bench/store'

/**
 * The bytes of a file that a published run lists.
 *
 * @throws BenchError `not-found` for a file of a run that ships without it, `data-missing` for one that is lost
 */
export async function storedBytes(db: Db, artifacts: ArtifactStore, file: ArtifactRow): Promise<Uint8Array> {
  try {
    return await artifacts.get(parseSha256(file.sha256))
  } catch (thrown) {
    if (!(thrown instanceof BenchError && thrown.code === 'data-missing')) throw thrown
    // A run whose learning curves are here and whose predictions are not was loaded like that.
    const run = await findRun(db, file.runId)
    const curves = (await artifactsOfRun(db, file.runId)).find(({ role }) => role === 'metrics')
    const isHere = curves && (await artifacts.head(parseSha256(curves.sha256)))
    if (run?.tier !== 'reported' || !isHere) throw thrown
    throw new BenchError({
      code: 'not-found',
      message: `The file ${file.file} of ${file.runId} is not stored here.`,
      hint: 'It follows from the run’s other files: its page says which command makes it.',
    })
  }
}
