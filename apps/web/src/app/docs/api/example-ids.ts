import { artifactsOfRun, listRuns } from '@mate-bench/store'
import { getStore } from '../../../data/store.ts'
import { type ExampleIds, placeholderIds } from './curl-example.ts'

/** Ids of the newest run, so that the examples answer something here. */
export async function getExampleIds(): Promise<ExampleIds> {
  try {
    const { db } = await getStore()
    const [run] = (await listRuns(db, { limit: 1 })).rows
    if (!run) return placeholderIds
    const [artifact] = await artifactsOfRun(db, run.id)
    return {
      entry: run.entryId,
      run: run.id,
      spec: run.specDigest,
      track: run.trackDigest,
      artifact: artifact?.sha256 ?? placeholderIds.artifact,
    }
  } catch {
    // The reference is read most when the server does not answer as one thought: it needs no database.
    return placeholderIds
  }
}
