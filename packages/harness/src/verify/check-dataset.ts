import { type Dataset, type OpenDataset, openDataset, packedFiles } from '@mate-bench/datasets'
import { describeDataset, splitCounts } from '@mate-bench/datasets/registry'
import { canonicalJson, digestIndices, digestJson } from '@mate-bench/provenance'
import { BenchError, type Manifest } from '@mate-bench/schema'
import { describeTrack } from '../manifest.ts'
import type { Spec } from '../spec.ts'
import { differing, type Report, refuseAny, same } from './check.ts'

/** The data of a run, or why they can't be compared with. */
export type FoundDataset =
  | { readonly state: 'open'; readonly dataset: OpenDataset }
  | { readonly state: 'missing'; readonly why: string }

/** The dataset of the last run: runs that are checked together mostly share it. */
let kept: { readonly key: string; readonly dataset: OpenDataset } | undefined

/** Opens the dataset of a spec where it ships, was fetched, or is the server's own. */
export async function findDataset(
  spec: Spec,
  dataFolder: string | undefined,
  onAlive?: () => void,
): Promise<FoundDataset> {
  const key = canonicalJson({ dataset: spec.dataset, dataFolder: dataFolder ?? null })
  if (kept?.key === key) return { state: 'open', dataset: kept.dataset }
  try {
    const dataset = await openDataset(spec.dataset, { dataFolder, pack: false, onAlive })
    kept = { key, dataset }
    return { state: 'open', dataset }
  } catch (thrown) {
    if (!(thrown instanceof BenchError)) throw thrown
    return { state: 'missing', why: [thrown.message, thrown.hint ?? ''].join(' ').trim() }
  }
}

/**
 * Holds the track and the list of data files to the dataset: what the registry knows of it always, and every digest
 * that follows from the images where they are at hand.
 */
export async function checkDataset(
  spec: Spec,
  manifest: Manifest,
  found: FoundDataset,
  report: Report,
): Promise<void> {
  const dataset = describeDataset(spec.dataset)
  await report.check('track digest', () => {
    const { digest, ...track } = manifest.track
    return same(digestJson(track), digest)
  })
  await report.check('split sizes', () => splitSizes(spec, manifest, dataset))
  await report.check('normalisation', () => {
    const { mean, std } = dataset.normalisation
    const expected = { imageShape: [...dataset.imageShape], mean: [...mean], std: [...std] }
    const { decoding, ...found } = manifest.track.preprocessing
    const shortSide = 'pictures' in dataset ? dataset.pictures.shortSide : undefined
    same(`packed with a short side of ${decoding?.shortSide}`, `packed with a short side of ${shortSide}`)
    return same(canonicalJson(found), canonicalJson(expected))
  })
  await report.check('data files', () => publishedFiles(manifest, dataset))
  if (found.state === 'missing') {
    report.add('splits and data against the dataset', 'unchecked', found.why)
    return
  }
  await report.check('splits and data against the dataset', () => {
    const { track, data } = manifest
    const { name, source, files } = found.dataset
    refuseAny([
      ...differing(track, describeTrack(found.dataset), 'track', 'the dataset gives'),
      ...differing(data, { name, source, files }, 'data', 'the dataset gives'),
    ])
    return `${files.length} files with their checksums, three splits by their digests`
  })
}

function splitSizes(spec: Spec, { track, data }: Manifest, dataset: Dataset): string {
  if (track.dataset !== dataset.name || data.name !== dataset.name) {
    throw new Error('the dataset is not the one in the spec')
  }
  const expected = splitCounts(dataset, spec.dataset)
  for (const split of ['train', 'validation', 'test'] as const) {
    same(`${split} ${track.splits[split].count}`, `${split} ${expected[split]}`)
  }
  // Every published test image, in order: known without any of them.
  same(track.splits.test.digest, digestIndices(Uint32Array.from({ length: expected.test }, (_, i) => i)))
  return `${expected.train} train, ${expected.validation} validation, ${expected.test} test`
}

/** Names and sizes of the files, and the checksums of those that were published with one. */
function publishedFiles({ data }: Manifest, dataset: Dataset): string {
  same(data.source, dataset.homepage)
  const members =
    'pictures' in dataset
      ? [...dataset.files, packedPixels(data)]
      : dataset.files.flatMap((file) => file.members)
  same(data.files.map(({ name }) => name).join(', '), members.map(({ name }) => name).join(', '))
  members.forEach(({ name, bytes, sha256 }, i) => {
    const file = data.files[i]
    same(`${name} of ${file?.bytes} bytes`, `${name} of ${bytes} bytes`)
    if (sha256 !== undefined) same(`${name} ${file?.sha256}`, `${name} ${sha256}`)
  })
  return members.map(({ name }) => name).join(', ')
}

/** The packed pictures as the run lists them, last: what they should be follows from archives and decoder alone. */
function packedPixels({ files }: Manifest['data']): Manifest['data']['files'][number] {
  const last = files.at(-1)
  if (last?.name !== packedFiles.pixels)
    throw new Error(`${packedFiles.pixels} is not the last of the data's files`)
  return last
}
