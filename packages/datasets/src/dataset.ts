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
  /** `gzip` holds exactly one member, `tar.gz` any number. */
  readonly packing: 'gzip' | 'tar.gz'
  readonly members: readonly PublishedMember[]
}

/** Images as bytes, NHWC, in the order of the published files. */
export interface ImageSet {
  readonly images: Uint8Array // [N * H * W * C]
  readonly labels: Uint8Array // [N]
}

export interface Normalisation {
  /** Per channel, on the 0..1 scale. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** Where the constants come from, or how they were computed. */
  readonly source: string
}

/** One dataset: a file of its own, listed in `registry.ts`. Pure (no Node built-in): decoding takes bytes. */
export interface Dataset<Schema extends z.ZodType<{ name: string }> = z.ZodType<{ name: string }>> {
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
  /** The dataset's part of the spec: strict object with `name` literal, `subset` and `validation`. */
  readonly options: Schema
  /** From the members' bytes, by member name, to images. Throws `BenchError` on a malformed file. */
  decode(files: ReadonlyMap<string, Uint8Array>): { train: ImageSet; test: ImageSet }
}

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
