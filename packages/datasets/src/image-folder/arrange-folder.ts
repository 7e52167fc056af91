import { BenchError } from '@mate-bench/schema'
import { maximumClasses } from '../image-folder.ts'
import { drawPerClass, indicesByClass, largestRemainder } from '../splits.ts'

/** A picture in a folder of the user's. */
export interface FolderPicture {
  readonly path: string
  /** SHA-256 of the file, hex. */
  readonly sha256: string
}

export interface LabelledPicture extends FolderPicture {
  readonly label: number
}

export interface ArrangedFolder {
  /** Ascending by code units. */
  readonly classes: readonly string[]
  /** Ascending by path. */
  readonly train: readonly LabelledPicture[]
  readonly test: readonly LabelledPicture[]
}

export interface ArrangeOptions {
  /** For messages. */
  readonly from: string
  /** Content of `split.csv`, if there is one. */
  readonly splitFile: string | undefined
  /** Share of each class's pictures that is drawn as test split, where neither folders nor a file say which. */
  readonly testShare: number | undefined
  /** Of the draw. @default 0 */
  readonly splitSeed: number | undefined
}

/** The file that says which picture is for what. */
export const splitFileName = 'split.csv'

const layouts =
  'Either folders train/CLASS and test/CLASS; or CLASS folders with a file split.csv beside them, a line `CLASS/picture.jpg,train` ' +
  'or `…,test` for each picture; or CLASS folders and --test-share, which draws the test split.'

/**
 * Classes and splits of pictures in folders. Which pictures are tested on is said by the folders, by `split.csv`, or drawn
 * from a seed; it is never left to a default.
 *
 * @throws BenchError `bad-input` where a picture has no class or split, a class no training picture, or a picture is in both splits
 */
export function arrangeFolder(pictures: readonly FolderPicture[], opts: ArrangeOptions): ArrangedFolder {
  const sorted = [...pictures].sort((a, b) => (a.path < b.path ? -1 : 1))
  if (sorted.length === 0) throw refused(opts.from, 'it holds no picture', layouts)
  const placed = placeAll(sorted, opts)
  const classes = [...new Set(placed.map(({ className }) => className))].sort((a, b) => (a < b ? -1 : 1))
  if (classes.length < 2 || classes.length > maximumClasses) {
    throw refused(opts.from, `it has ${classes.length} classes, expected 2 to ${maximumClasses}`, layouts)
  }
  const labels = new Map(classes.map((name, label) => [name, label]))
  const ofSplit = (split: Split) =>
    placed
      .filter((picture) => picture.split === split)
      .map(({ path, sha256, className }) => ({ path, sha256, label: labels.get(className) ?? 0 }))
  const [train, test] = [ofSplit('train'), ofSplit('test')]
  if (test.length === 0) throw refused(opts.from, 'no picture is for the test split', layouts)
  const trained = new Set(train.map(({ label }) => label))
  const untrained = classes.filter((_, label) => !trained.has(label))
  if (untrained.length > 0) throw refused(opts.from, `no picture of ${untrained[0]} is trained on`, layouts)
  refuseShared(opts.from, train, test)
  return { classes, train, test }
}

type Split = 'train' | 'test'
type Placed = FolderPicture & { readonly className: string; readonly split: Split }

function placeAll(sorted: readonly FolderPicture[], opts: ArrangeOptions): Placed[] {
  const tops = new Set(sorted.map(({ path }) => path.split('/')[0] ?? ''))
  const isSplitByFolders = tops.has('train') || tops.has('test')
  const chosenBy = opts.splitFile !== undefined ? splitFileName : isSplitByFolders ? 'its folders' : undefined
  if (chosenBy !== undefined && opts.testShare !== undefined) {
    const why = `${chosenBy} and --test-share both choose a test split`
    throw refused(
      opts.from,
      why,
      `Leave --test-share out${chosenBy === splitFileName ? ', or take the file away' : ''}.`,
    )
  }
  if (opts.splitSeed !== undefined && opts.testShare === undefined)
    throw refused(
      opts.from,
      '--split-seed draws nothing without --test-share',
      chosenBy === undefined ? 'Add --test-share, or leave --split-seed out.' : 'Leave --split-seed out.',
    )
  // Among other classes one may be called train.
  if (opts.splitFile !== undefined && [...tops].every((top) => top === 'train' || top === 'test')) {
    const why = `its folders and ${splitFileName} both choose a test split`
    throw refused(opts.from, why, `Take ${splitFileName} away, or put class folders beside it.`)
  }
  if (opts.splitFile !== undefined) return placeBySplitFile(sorted, opts.splitFile, opts)
  if (isSplitByFolders) return placeByFolders(sorted, opts)
  if (opts.testShare === undefined)
    throw refused(opts.from, 'nothing says which pictures are tested on', layouts)
  return placeByDraw(sorted, opts.testShare, opts)
}

function placeByFolders(sorted: readonly FolderPicture[], opts: ArrangeOptions): Placed[] {
  return sorted.map((picture) => {
    const [split = '', className] = picture.path.split('/')
    if (split !== 'train' && split !== 'test') {
      const hint = /^val/i.test(split)
        ? 'Put these into train (a spec holds validation images out of it), or call the folder test if they are what is tested on.'
        : layouts
      throw refused(opts.from, `${picture.path} lies in neither train nor test`, hint)
    }
    return { ...picture, split, className: classOf(picture, className, 3, opts) }
  })
}

function placeBySplitFile(sorted: readonly FolderPicture[], text: string, opts: ArrangeOptions): Placed[] {
  const splits = new Map<string, Split>()
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || (i === 0 && /^path,split$/i.test(line.trim()))) continue
    const [, path, split] = /^(.+),\s*(train|test)\s*$/.exec(line) ?? []
    if (path === undefined) {
      throw refused(
        opts.from,
        `line ${i + 1} of ${splitFileName} is not \`path,train\` or \`path,test\``,
        layouts,
      )
    }
    if (splits.has(path))
      throw refused(opts.from, `${splitFileName} names ${path} twice`, 'Name each picture once.')
    splits.set(path, split as Split)
  }
  const placed = sorted.map((picture) => {
    const split = splits.get(picture.path)
    if (!split)
      throw refused(
        opts.from,
        `${splitFileName} does not name ${picture.path}`,
        'Name each picture once, or take it out.',
      )
    splits.delete(picture.path)
    return { ...picture, split, className: classOf(picture, picture.path.split('/')[0], 2, opts) }
  })
  const [absent] = splits.keys()
  if (absent !== undefined)
    throw refused(
      opts.from,
      `${splitFileName} names ${absent}, which is not there`,
      'Add the picture, or take out its line.',
    )
  return placed
}

function placeByDraw(sorted: readonly FolderPicture[], share: number, opts: ArrangeOptions): Placed[] {
  const named = sorted.map((picture) => ({
    ...picture,
    className: classOf(picture, picture.path.split('/')[0], 2, opts),
  }))
  const names = [...new Set(named.map(({ className }) => className))].sort((a, b) => (a < b ? -1 : 1))
  const byClass = indicesByClass(
    Uint16Array.from(named, ({ className }) => names.indexOf(className)),
    names.length,
  )
  const quotas = largestRemainder(
    byClass.map(({ length }) => length),
    Math.round(share * named.length),
  )
  const drawn = new Set(drawPerClass(byClass, quotas, opts.splitSeed ?? 0, 'test-split').flat())
  return named.map((picture, i) => ({ ...picture, split: drawn.has(i) ? 'test' : 'train' }))
}

function classOf(
  picture: FolderPicture,
  name: string | undefined,
  depth: number,
  opts: ArrangeOptions,
): string {
  if (name !== undefined && picture.path.split('/').length >= depth) return name
  throw refused(opts.from, `${picture.path} lies in no class folder`, layouts)
}

/** A picture that is trained and tested on makes the result worthless. */
function refuseShared(
  from: string,
  train: readonly LabelledPicture[],
  test: readonly LabelledPicture[],
): void {
  const trained = new Map(train.map(({ sha256, path }) => [sha256, path]))
  for (const { sha256, path } of test) {
    const other = trained.get(sha256)
    if (other !== undefined)
      throw refused(
        from,
        `${other} and ${path} are the same picture, one for training and one for test`,
        'Take one of them out.',
      )
  }
}

function refused(from: string, why: string, hint: string): BenchError {
  return new BenchError({ code: 'bad-input', message: `${from} can't be used: ${why}.`, path: from, hint })
}
