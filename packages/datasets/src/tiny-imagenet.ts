import { z } from 'zod'
import type { ArchiveLayout, PicturesDataset } from './dataset.ts'
import { refuseTooLargeValidation, splitFields } from './options.ts'
import { linesOf, malformedList } from './pictures/read-lists.ts'
import { tinyImagenetClasses, tinyImagenetIds } from './tiny-imagenet-classes.ts'

const root = 'tiny-imagenet-200/'

/**
 * Training images lie in a folder a class, listed with their boxes; those of `val` are listed with their classes. The
 * labels of the published test images are not public, so `val` is what is tested on, here as in papers. Labels are the
 * lines of `wnids.txt`; training images come by class, in the order of the box files.
 */
export function tinyImagenetLayout(ids: readonly string[]): ArchiveLayout {
  const annotations = `${root}val/val_annotations.txt`
  const boxes = (id: string) => `${root}train/${id}/${id}_boxes.txt`
  const lists = new Set([annotations, `${root}wnids.txt`, ...ids.map(boxes)])
  return {
    roleOf(path) {
      if (lists.has(path)) return 'list'
      const isPicture = /^tiny-imagenet-200\/(train\/n\d{8}|val)\/images\/[^/.][^/]*\.JPEG$/.test(path)
      return isPicture ? 'picture' : undefined
    },
    arrange(contents) {
      const found = linesOf(contents, `${root}wnids.txt`).map((line) => line.trim())
      const other = found.findIndex((id, i) => id !== ids[i])
      if (other >= 0 || found.length !== ids.length) {
        throw malformedList(`${root}wnids.txt`, Math.max(other, 0) + 1, 'is not the class that was published')
      }
      const train = ids.flatMap((id, label) =>
        linesOf(contents, boxes(id)).map((line) => ({
          path: `${root}train/${id}/images/${line.split('\t')[0]}`,
          label,
        })),
      )
      const labels = new Map(ids.map((id, label) => [id, label]))
      const test = linesOf(contents, annotations).map((line, i) => {
        const [file, id = ''] = line.split('\t')
        const label = labels.get(id)
        if (label === undefined) throw malformedList(annotations, i + 1, 'names no class')
        return { path: `${root}val/images/${file}`, label }
      })
      return { train, test }
    },
  }
}

/** What a test makes smaller. */
export interface TinyImagenetFacts {
  readonly ids: readonly string[]
  readonly classes: readonly string[]
  readonly counts: PicturesDataset['counts']
  readonly files: PicturesDataset['files']
  readonly validation: number
}

const address = 'http://cs231n.stanford.edu/tiny-imagenet-200.zip'

function optionsOf({ counts, classes, validation }: TinyImagenetFacts) {
  const facts = { train: counts.train, classes: classes.length, validation }
  return z
    .strictObject({
      name: z.literal('tiny-imagenet'),
      size: z
        .literal([64, 32])
        .default(64)
        .describe(
          'Height and width in pixels: 64 as published, or resized to 32. Each is a track of its own.',
        ),
      ...splitFields(facts),
    })
    .superRefine((options, context) => refuseTooLargeValidation(options, facts, context))
}

/** The dataset, or one like it with fewer classes and images. */
export function createTinyImagenet(facts: TinyImagenetFacts): PicturesDataset<ReturnType<typeof optionsOf>> {
  const { ids, classes, counts, files } = facts
  const plan = (size: number) => ({ shortSide: size, archive: tinyImagenetLayout(ids) })
  const dataset: PicturesDataset<ReturnType<typeof optionsOf>> = {
    name: 'tiny-imagenet',
    title: 'Tiny ImageNet',
    homepage: 'http://cs231n.stanford.edu/',
    citation: 'Y. Le, X. Yang. Tiny ImageNet Visual Recognition Challenge. Stanford CS 231N, 2015.',
    licence: "None found; the photographs are ImageNet's, whose terms of access apply.",
    availability:
      'Its address is said to be gone at times: any copy with the MD5 90528d7ca1a48142e341f4ef8d21d0de will do.',
    caveats: [
      'Tested on the published validation images, since the labels of the test images are not public. The photographs are from ImageNet: a network that began with weights from ImageNet has seen them.',
    ],
    classes,
    imageShape: [64, 64, 3],
    counts,
    bundled: false,
    files,
    normalisation: {
      mean: [0.4802, 0.4481, 0.3975],
      std: [0.2302, 0.2265, 0.2262],
      source:
        'As in the code of Shallow-Deep Networks (Kaya et al., ICML 2019, data.py); the same at 32 x 32.',
    },
    pictures: plan(64),
    options: optionsOf(facts),
    describe({ size }) {
      return { ...dataset, imageShape: [size, size, 3], pictures: plan(size) }
    },
  }
  return dataset
}

/** Le, Yang 2015: 64x64 photographs of ImageNet, 200 classes. */
export const tinyImagenet = createTinyImagenet({
  ids: tinyImagenetIds,
  classes: tinyImagenetClasses,
  counts: { train: 100_000, test: 10_000 },
  validation: 10_000,
  files: [
    {
      name: 'tiny-imagenet-200.zip',
      urls: [address],
      bytes: 248_100_043,
      // By many public loaders; nobody publishes a SHA-256.
      md5: '90528d7ca1a48142e341f4ef8d21d0de',
      packing: 'zip',
      members: [],
    },
  ],
})
