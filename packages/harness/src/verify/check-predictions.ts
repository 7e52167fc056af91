import type { Labels, OpenDataset } from '@mate-bench/datasets'
import { describeDataset } from '@mate-bench/datasets/registry'
import { digestIndices } from '@mate-bench/provenance'
import { artifactFiles, type Manifest } from '@mate-bench/schema'
import { computeResults } from '../metrics.ts'
import { decodePredictions, type PredictionsFile } from '../predictions-file.ts'
import type { Spec } from '../spec.ts'
import { differing, type Report, refuseAny, same } from './check.ts'
import { columnProblems } from './check-columns.ts'
import type { FoundDataset } from './check-dataset.ts'
import { bytesOf, type RunBytes } from './check-files.ts'

/** The two files of predictions, as far as their columns can be what a network said of its split. */
export interface SplitFiles {
  readonly test?: PredictionsFile
  readonly validation?: PredictionsFile
}

/** Reads both files; holds their rows to the splits, their columns to each other, their labels to the dataset. */
export async function checkPredictions(
  run: { readonly spec: Spec; readonly manifest: Manifest; readonly bytes: RunBytes },
  found: FoundDataset,
  report: Report,
): Promise<SplitFiles> {
  const files: { test?: PredictionsFile; validation?: PredictionsFile } = {}
  for (const split of ['test', 'validation'] as const) {
    if (split === 'validation' && run.manifest.track.splits.validation.count === 0) continue
    const role = split === 'test' ? 'predictions' : 'validation-predictions'
    const { file } = artifactFiles[role]
    let read: PredictionsFile | undefined
    await report.check(`${file} rows`, async () => {
      const predictions = await decodePredictions(bytesOf(run.bytes, role), file)
      const rows = rowsOf(predictions, split, run)
      read = predictions
      return rows
    })
    if (!read) continue
    const { indices, table } = read
    const possible = await report.check(`${file} columns`, () => {
      refuseAny(columnProblems(table, (row) => `image ${indices[row]}`))
      return `${table.exits.length} exits and the ensemble agree with themselves on ${indices.length} images`
    })
    const labelled = await checkLabels(`${split} labels`, read, split, found, report)
    if (possible && labelled) files[split] = read
  }
  return files
}

function rowsOf(
  { indices, table }: PredictionsFile,
  split: 'test' | 'validation',
  { spec, manifest }: { readonly spec: Spec; readonly manifest: Manifest },
): string {
  const { classes } = describeDataset(spec.dataset)
  same(`${table.classes} classes`, `${classes.length} classes`)
  same(`${table.exits.length} exits`, `${spec.model.exits.length} exits`)
  const { count, digest } = manifest.track.splits[split]
  same(`${indices.length} images`, `${count} images`)
  same(digestIndices(indices), digest)
  return `${count} images, the ${split} split of the track`
}

/** @returns false where a label is not the dataset's */
async function checkLabels(
  name: string,
  { indices, table }: PredictionsFile,
  split: 'test' | 'validation',
  found: FoundDataset,
  report: Report,
): Promise<boolean> {
  if (found.state === 'missing') {
    report.add(name, 'unchecked', found.why)
    return true
  }
  return await report.check(name, () => {
    const truth = labelsOf(found.dataset, split)
    const wrong = [...indices.keys()].filter((row) => table.labels[row] !== truth[indices[row] as number])
    const [first = 0] = wrong
    if (wrong.length > 0) {
      const image = indices[first] as number
      throw new Error(
        `${wrong.length} labels are not those of ${found.dataset.name}: image ${image} is of class ${truth[image]}, not ${table.labels[first]}`,
      )
    }
    return `${indices.length} labels, those of ${found.dataset.name}`
  })
}

function labelsOf({ testSet, trainSet }: OpenDataset, split: 'test' | 'validation'): Labels {
  return split === 'test' ? testSet.labels : trainSet.labels
}

/** Computes every number of the manifest's results again. */
export async function checkResults(
  spec: Spec,
  manifest: Manifest,
  { test, validation }: SplitFiles,
  report: Report,
): Promise<void> {
  const hasValidation = manifest.track.splits.validation.count > 0
  if (!test || (hasValidation && !validation)) return
  await report.check('results from predictions', () => {
    const { attention: _, ...claimed } = manifest.results
    const computed = computeResults({
      test: test.table,
      validation: validation?.table,
      protocols: spec.evaluation.protocols,
      sequentialMacs: manifest.model.exits.map(({ sequentialMacs }) => sequentialMacs),
      rounding: manifest.results.budgetedConfidences ?? 'grid',
    })
    refuseAny(differing(claimed, computed, 'results', 'the predictions give'))
    return `${countNumbers(computed)} numbers recomputed, all equal`
  })
}

function countNumbers(value: unknown): number {
  if (typeof value === 'number') return 1
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, member) => sum + countNumbers(member), 0)
}
