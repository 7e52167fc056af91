import { findRun, listRuns } from '@mate-bench/store'
import type { TrainingSpeed } from '../components/submit/training-speed.ts'
import { getStore } from './store.ts'

/** A step costs the forward pass, and about twice that for the backward one. */
const passes = 3

/** Speed of the latest published run that somebody trained; undefined before there is one. */
export async function getTrainingSpeed(): Promise<TrainingSpeed | undefined> {
  const { db } = await getStore()
  const latest = (await listRuns(db, { limit: 50 })).rows.find(({ synthetic }) => !synthetic)
  const run = latest && (await findRun(db, latest.id))
  if (!run) return undefined
  const { timing, model, environment } = run.manifest
  const macsPerSecond = passes * (model.exits.at(-1)?.sequentialMacs ?? 0) * timing.trainImagesPerSecond
  if (macsPerSecond <= 0) return undefined
  return { macsPerSecond, where: `${environment.backend.name} on ${environment.gpu ?? environment.cpu}` }
}
