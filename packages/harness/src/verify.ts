import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getDataset, splitCounts } from '@mate-bench/datasets/registry'
import { describeNetwork, parameterDescriptions } from '@mate-bench/nn/describe'
import { canonicalJson, digestBytes, digestIndices, digestJson } from '@mate-bench/provenance'
import { benchErrorFromUnknown, type Manifest } from '@mate-bench/schema'
import { describeModel, formatManifest, readManifest } from './manifest.ts'
import { computeResults } from './metrics.ts'
import { decodePredictions, type PredictionsFile } from './predictions-file.ts'
import { runFiles } from './run-folder.ts'
import { decodeSafetensors } from './safetensors.ts'
import { digestSpec, parseSpec, parseSpecText, type Spec } from './spec.ts'

export interface Check {
  readonly name: string
  readonly ok: boolean
  /** What was found: the figure or digest on success, the difference on failure. */
  readonly detail: string
}

/**
 * Checks a finished run from its folder alone: every digest, and every number recomputed from the predictions,
 * the spec and the network's description. Nothing is trained and no data is needed.
 *
 * @param onCheck told each check as it is done
 * @throws BenchError when there is no readable manifest to check
 */
export async function verifyRun(
  folder: string,
  onCheck: (check: Check) => void = () => {},
): Promise<Check[]> {
  const checks: Check[] = []
  const check = async (name: string, run: () => string | Promise<string>) => {
    let result: Check
    try {
      result = { name, ok: true, detail: await run() }
    } catch (thrown) {
      const { message, problems } = benchErrorFromUnknown(thrown)
      result = {
        name,
        ok: false,
        detail: [message, ...problems.map((p) => `${p.path}: ${p.message}`)].join(' '),
      }
    }
    checks.push(result)
    onCheck(result)
  }
  const { manifest, text } = readManifest(folder)
  const { manifestDigest, ...content } = manifest
  await check('manifest digest', () => same(digestJson(content), manifestDigest))
  await check('manifest bytes', () => {
    if (formatManifest(manifest) !== text) throw new Error('manifest.json is not written as its content says')
    return `${text.length} characters, as written by the harness`
  })
  for (const artifact of manifest.artifacts) {
    await check(`${artifact.file} digest`, () => {
      const bytes = readFileSync(join(folder, artifact.file))
      return same(digestBytes(bytes).slice('sha256:'.length), artifact.sha256)
    })
  }
  await check('no other files', () => noOtherFiles(folder, manifest))
  await check('spec', () => specMatches(folder, manifest))
  const spec = () => parseSpec(manifest.spec, 'the spec in the manifest')
  await check('track digest', () => {
    const { digest, ...track } = manifest.track
    return same(digestJson(track), digest)
  })
  await check('split sizes', () => splitSizes(spec(), manifest))
  await check('costs and parameters', () => costsMatch(spec(), manifest))
  await check('model weights', () => weightsMatch(folder, spec()))
  const files = await readPredictions(folder, manifest, check)
  if (files.test) {
    const { test, validation } = files
    await check('results from predictions', () => resultsMatch(spec(), manifest, test, validation))
  }
  return checks
}

function same(found: string, expected: string): string {
  if (found !== expected) throw new Error(`expected ${expected}, found ${found}`)
  return found
}

function noOtherFiles(folder: string, manifest: Manifest): string {
  const known = new Set<string>([runFiles.manifest, ...manifest.artifacts.map(({ file }) => file)])
  const extra = readdirSync(folder).filter((name) => !known.has(name))
  if (extra.length > 0) throw new Error(`found ${extra.join(', ')}, which the manifest does not list`)
  return `${known.size} files, all listed`
}

function specMatches(folder: string, manifest: Manifest): string {
  const path = join(folder, runFiles.spec)
  const file = parseSpecText(readFileSync(path, 'utf8'), path)
  const inManifest = parseSpec(manifest.spec, 'the spec in the manifest')
  if (canonicalJson(inManifest) !== canonicalJson(manifest.spec))
    throw new Error('the spec in the manifest lacks defaults')
  same(digestSpec(file), manifest.specDigest)
  if (!inManifest.seeds.includes(manifest.seed))
    throw new Error(`seed ${manifest.seed} is not among the spec's seeds`)
  return same(digestSpec(inManifest), manifest.specDigest)
}

function splitSizes(spec: Spec, { track, data }: Manifest): string {
  const dataset = getDataset(spec.dataset.name)
  if (track.dataset !== dataset.name || data.name !== dataset.name)
    throw new Error('the dataset is not the one in the spec')
  const expected = splitCounts(dataset, spec.dataset)
  for (const split of ['train', 'validation', 'test'] as const) {
    same(`${split} ${track.splits[split].count}`, `${split} ${expected[split]}`)
  }
  return `${expected.train} train, ${expected.validation} validation, ${expected.test} test`
}

function networkOf(spec: Spec) {
  const dataset = getDataset(spec.dataset.name)
  return describeNetwork(spec.model, { inputShape: dataset.imageShape, classes: dataset.classes.length })
}

function costsMatch(spec: Spec, manifest: Manifest): string {
  const model = describeModel(networkOf(spec))
  same(canonicalJson(manifest.model), canonicalJson(model))
  return `${model.parameters} parameters, ${model.exits.at(-1)?.sequentialMacs} sequential MACs at the last exit`
}

function weightsMatch(folder: string, spec: Spec): string {
  const { tensors } = decodeSafetensors(readFileSync(join(folder, runFiles.model)), runFiles.model)
  const expected = parameterDescriptions(networkOf(spec))
  for (const { name, shape } of expected) {
    same(`${name} [${tensors.get(name)?.shape.join(', ') ?? 'missing'}]`, `${name} [${shape.join(', ')}]`)
  }
  if (tensors.size !== expected.length)
    throw new Error(`found ${tensors.size} tensors, expected ${expected.length}`)
  for (const [name, { data }] of tensors) {
    if (!data.every(Number.isFinite)) throw new Error(`${name} holds a value that is not finite`)
  }
  return `${tensors.size} tensors of the shapes that the spec asks for`
}

type RunCheck = (name: string, run: () => string | Promise<string>) => Promise<void>

async function readPredictions(folder: string, manifest: Manifest, check: RunCheck) {
  const files: { test?: PredictionsFile; validation?: PredictionsFile } = {}
  const read = async (split: 'test' | 'validation', file: string) => {
    await check(`${file} rows`, async () => {
      const predictions = await decodePredictions(readFileSync(join(folder, file)), file)
      same(digestIndices(predictions.indices), manifest.track.splits[split].digest)
      files[split] = predictions
      return `${predictions.indices.length} images, the ${split} split of the track`
    })
  }
  await read('test', runFiles.predictions)
  if (
    manifest.track.splits.validation.count > 0 ||
    existsSync(join(folder, runFiles.validationPredictions))
  ) {
    await read('validation', runFiles.validationPredictions)
  }
  return files
}

function resultsMatch(
  spec: Spec,
  manifest: Manifest,
  test: PredictionsFile,
  validation?: PredictionsFile,
): string {
  const { attention: _, ...claimed } = manifest.results
  const computed = computeResults({
    test: test.table,
    validation: validation?.table,
    protocols: spec.evaluation.protocols,
    sequentialMacs: manifest.model.exits.map(({ sequentialMacs }) => sequentialMacs),
  })
  const differences = differing(claimed, computed, 'results')
  if (differences.length > 0) throw new Error(differences.slice(0, 5).join('; '))
  return `${countNumbers(computed)} numbers recomputed, all equal`
}

/** Where two JSON values differ, as sentences. */
function differing(claimed: unknown, computed: unknown, path: string): string[] {
  if (typeof claimed === 'object' && claimed !== null && typeof computed === 'object' && computed !== null) {
    const keys = new Set([...Object.keys(claimed), ...Object.keys(computed)])
    return [...keys].flatMap((key) =>
      differing(Reflect.get(claimed, key), Reflect.get(computed, key), `${path}.${key}`),
    )
  }
  return Object.is(claimed, computed)
    ? []
    : [`${path} says ${String(claimed)}, the predictions give ${String(computed)}`]
}

function countNumbers(value: unknown): number {
  if (typeof value === 'number') return 1
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, member) => sum + countNumbers(member), 0)
}
