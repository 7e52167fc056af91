import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { digestExperiment } from '@mate-bench/provenance'
import { BenchError } from '@mate-bench/schema'
import { readManifest } from './read-manifest.ts'
import { isComplete, runFolderPath } from './run-folder.ts'
import type { Spec } from './spec.ts'

/**
 * The folder of a finished run of this spec and seed: its own, or in the same place that of a spec of this name and
 * experiment with another list of seeds or description. A run does not depend on the other seeds of its spec, so one that
 * is added later is no reason to train the others again.
 *
 * @returns undefined where there is none
 */
export function findTrainedRun(out: string, spec: Spec, seed: number): string | undefined {
  if (isComplete(out, spec, seed)) return runFolderPath(out, spec, seed)
  const wanted = digestExperiment(spec)
  return foldersOfSeed(out, spec.name, seed).find((folder) => {
    try {
      const { manifest } = readManifest(folder)
      return (
        manifest.seed === seed &&
        manifest.spec.name === spec.name &&
        digestExperiment(manifest.spec) === wanted
      )
    } catch (thrown) {
      // Unfinished, damaged, or of another version: not one to rely on.
      if (thrown instanceof BenchError) return false
      throw thrown
    }
  })
}

function foldersOfSeed(out: string, name: string, seed: number): string[] {
  if (!existsSync(out)) return []
  return readdirSync(out)
    .filter((folder) => folder.startsWith(`${name}-`) && folder.endsWith(`-seed${seed}`))
    .sort()
    .map((folder) => join(resolve(out), folder))
}
