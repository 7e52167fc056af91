import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  decodePredictions,
  decodeSafetensors,
  digestSpec,
  encodePredictions,
  encodeSafetensors,
  formatManifest,
  type PredictionsFile,
  parseSpec,
  readJsonLines,
  readManifest,
  type Spec,
} from '@mate-bench/harness'
import { describeArtifacts, sealManifest } from '@mate-bench/harness/manifest'
import { computeResults } from '@mate-bench/harness/metrics'
import { companionFiles, type Manifest } from '@mate-bench/schema'
import { temporaryFolder } from './temporary-folder.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }
/** A JSON document to be changed at will. */
// biome-ignore lint/suspicious/noExplicitAny: a forger keeps to no type
type Document = any

/** What a forger may change of a run; everything else is made to agree with it. */
export interface Forgery {
  manifest: Document
  test: Writable<PredictionsFile>
  validation: Writable<PredictionsFile>
  tensors: Map<string, { shape: readonly number[]; data: Float32Array | Int32Array }>
  metrics: Document[]
  log: Document[]
}

/**
 * Copies a finished run, changes it, and seals it again with the project's own code: results are computed from the changed
 * predictions, spec.json and digests are those of the changed spec, every file has the digest that the manifest lists.
 *
 * @param options.keepResults leave the manifest's results as they are
 * @returns the forged folder
 */
export async function forgeRun(
  folder: string,
  change: (run: Forgery) => void,
  { keepResults = false } = {},
): Promise<string> {
  const forged = join(temporaryFolder(), 'run')
  cpSync(folder, forged, { recursive: true })
  // They would not be of the forged run.
  for (const { file } of Object.values(companionFiles)) rmSync(join(forged, file), { force: true })
  const path = (file: string) => join(forged, file)
  const predictions = (file: string) => decodePredictions(readFileSync(path(file)), file)
  const model = decodeSafetensors(readFileSync(path('model.safetensors')))
  const { manifestDigest: _, ...manifest } = readManifest(forged).manifest
  const run: Forgery = {
    manifest,
    test: await predictions('predictions.parquet'),
    validation: await predictions('validation-predictions.parquet'),
    tensors: new Map(model.tensors),
    metrics: readJsonLines(path('metrics.jsonl')),
    log: readJsonLines(path('log.jsonl')),
  }
  change(run)
  const spec = parseSpec(run.manifest.spec)
  const results = keepResults ? run.manifest.results : { ...run.manifest.results, ...recomputed(run, spec) }
  const end = run.log.at(-1)
  if (end) end.top1 = results.exits.map(({ top1 }: { top1: number }) => top1)
  const specDigest = digestSpec(spec)
  const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  writeFileSync(path('spec.json'), `${JSON.stringify(spec, null, 2)}\n`)
  writeFileSync(path('metrics.jsonl'), lines(run.metrics))
  writeFileSync(path('log.jsonl'), lines(run.log))
  writeFileSync(path('predictions.parquet'), encodePredictions(run.test))
  writeFileSync(path('validation-predictions.parquet'), encodePredictions(run.validation))
  const metadata = { ...model.metadata, spec: spec.name, specDigest }
  writeFileSync(path('model.safetensors'), encodeSafetensors({ tensors: run.tensors, metadata }))
  const sealed = sealManifest({
    ...run.manifest,
    spec,
    specDigest,
    results,
    artifacts: describeArtifacts(path, true),
  })
  writeFileSync(path('manifest.json'), formatManifest(sealed))
  return forged
}

function recomputed({ manifest, test, validation }: Forgery, spec: Spec) {
  return computeResults({
    test: test.table,
    validation: validation.table,
    protocols: spec.evaluation.protocols,
    sequentialMacs: manifest.model.exits.map(
      (exit: Manifest['model']['exits'][number]) => exit.sequentialMacs,
    ),
  })
}

/** A change that makes a run out to be of another seed, and of a spec with another name. */
export function asSeed(seed: number, name?: string): (run: Forgery) => void {
  return ({ manifest, log }) => {
    manifest.runId = `run_${String(seed).padStart(20, name === undefined ? '0' : 'a')}`
    manifest.seed = seed
    for (const row of log) {
      if (row.type === 'started') Object.assign(row, { seed, runId: manifest.runId })
    }
    if (name !== undefined) manifest.spec.name = name
  }
}
