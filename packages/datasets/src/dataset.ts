import type { z } from 'zod'

/** A file whose bytes `decode` reads: what is inside a published file. */
export interface PublishedMember {
  /** Name by which `decode` finds it; also its file name where it lies unpacked in a folder. */
  readonly name: string
  /** Path inside the tar archive; left out where the published file is one gzipped member. */
  readonly path?: string
  readonly bytes: number
  /** Lower-case hex. Without either, the member is trusted only out of a verified archive. */
  readonly sha256?: string
  readonly md5?: string
}

/** A file as it was published. */
export interface PublishedFile {
  readonly name: string
  /** Download addresses, tried in order. Empty for a file that ships inside the package. */
  readonly urls: readonly string[]
  readonly bytes: number
  /** At least one of the two; SHA-256 wins. Lower-case hex. */
  readonly sha256?: string
  readonly md5?: string
  /** `gzip` holds exactly one member, the others any number. */
  readonly packing: 'gzip' | 'tar.gz' | 'tar' | 'zip'
  /** What `decode` reads; empty where the dataset has pictures. */
  readonly members: readonly PublishedMember[]
}

/** Class of each image. */
export type Labels = Uint8Array | Uint16Array

/** Images of one size as bytes in memory, NHWC, in the order of the published files. */
export interface MemoryImages {
  readonly images: Uint8Array // [N * H * W * C]
  readonly labels: Labels // [N]
}

/** Colour images of their own sizes in a packed file: each is read where it is used, so that none stands in memory. */
export interface PackedImages {
  readonly packed: {
    readonly file: string
    /** Where each image begins, in bytes; its pixels are HWC. */
    readonly offsets: Float64Array // [N]
    readonly heights: Uint16Array // [N]
    readonly widths: Uint16Array // [N]
  }
  readonly labels: Labels // [N]
}

export type ImageSet = MemoryImages | PackedImages

export interface Normalisation {
  /** Per channel, on the 0..1 scale. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** Where the constants come from, or how they were computed. */
  readonly source: string
}

interface DatasetFacts<Schema extends z.ZodType<{ name: string }>> {
  readonly name: string
  readonly title: string
  readonly homepage: string
  readonly citation: string
  readonly licence: string
  /** Class names in label order. */
  readonly classes: readonly string[]
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number]
  readonly counts: { readonly train: number; readonly test: number }
  readonly files: readonly PublishedFile[]
  readonly normalisation: Normalisation
  /** True for a dataset that ships inside the package and needs no download. */
  readonly bundled: boolean
  /** A sentence on whether the download addresses can be relied on. */
  readonly availability?: string
  /** What readers must know before they compare numbers, a sentence each. */
  readonly caveats?: readonly string[]
  /** The dataset's part of the spec: strict object with `name` literal, `subset` and `validation`. */
  readonly options: Schema
  /** The dataset as a spec asks for it, where its options change more than the splits. */
  describe?(options: z.output<Schema>): Dataset
}

/** A dataset whose files hold bare pixels. */
export interface RecordsDataset<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>>
  extends DatasetFacts<Schema> {
  /** From the members' bytes, by member name, to images. Throws `BenchError` on a malformed file. */
  decode(files: ReadonlyMap<string, Uint8Array>): { train: MemoryImages; test: MemoryImages }
}

/** A dataset of JPEG or PNG files: decoded once, resized and packed. */
export interface PicturesDataset<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>>
  extends DatasetFacts<Schema> {
  readonly pictures: PicturePlan
}

/** One dataset: a file of its own, listed in `registry.ts`. Pure (no Node built-in): decoding takes bytes. */
export type Dataset<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>> =
  | RecordsDataset<Schema>
  | PicturesDataset<Schema>

/** How pictures are resized before they are packed, and which of an archive's files they are. */
export interface PicturePlan {
  /** Pixels that the shorter side has in the packed file. */
  readonly shortSide: number
  /** Rows that are cut off at the bottom before resizing: a banner. @default 0 */
  readonly cropBottom?: number
  /** Absent where the pictures do not come out of published archives. */
  readonly archive?: ArchiveLayout
}

/** What an archive's paths mean. Paths use `/` and begin without one. */
export interface ArchiveLayout {
  /** What a file is for: a picture is decoded, a list is handed to `arrange`, anything else is passed over. */
  roleOf(path: string): 'picture' | 'list' | undefined
  /** Every picture with its class and split, in dataset order, from the lists' bytes by path. Throws `BenchError`. */
  arrange(lists: ReadonlyMap<string, Uint8Array>): ArrangedPictures | Promise<ArrangedPictures>
}

export interface ArrangedPictures {
  readonly train: readonly ArrangedPicture[]
  readonly test: readonly ArrangedPicture[]
}

export interface ArrangedPicture {
  readonly path: string
  readonly label: number
}

/** The library that decoded pictures: two decoders may differ in the last bit. Names and versions of its parts. */
export type Decoder = Readonly<Record<string, string>>

/** Image positions in the published train or test set, ascending, and the digest of that list. */
export interface Split {
  readonly indices: Uint32Array
  /** `sha256:` + hex over the indices as little-endian uint32. */
  readonly digest: string
}

/** A dataset that is on disk, verified, decoded and split as the spec says. */
export interface OpenDataset {
  readonly name: string
  readonly imageShape: readonly [number, number, number]
  readonly classes: readonly string[]
  readonly normalisation: Normalisation
  readonly source: string
  /** The members as decoded, so that the digests do not depend on how a file was packed. Hex SHA-256. */
  readonly files: readonly { name: string; bytes: number; sha256: string }[]
  readonly trainSet: ImageSet
  readonly testSet: ImageSet
  /** `train` and `validation` index `trainSet`, `test` indexes `testSet`. `validation` may be empty. */
  readonly splits: { readonly train: Split; readonly validation: Split; readonly test: Split }
  /** How pictures became pixels; absent where the published files hold pixels. */
  readonly decoding?: { readonly shortSide: number; readonly decoder: Decoder }
}

/**
 * One prepared batch of B images. It has a row for each of their views and partners (see `RowOptions`): the images in their
 * first view, in their second, then the partners of the first image, of the second, and so on. Without either R = B.
 */
export interface Batch {
  /** [R, H, W, C] float32, normalised (and augmented for training). */
  readonly images: Float32Array
  readonly labels: Int32Array // [R]
  /** Positions of the images in the published set, [B]. */
  readonly indices: Uint32Array
  /** B. */
  readonly size: number
}
