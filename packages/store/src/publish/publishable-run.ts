import type { Envelope, Manifest } from '@mate-bench/schema'

/** A finished run as the harness left it, with what the store can't compute by itself. */
export interface PublishableRun {
  readonly manifest: Manifest
  /** Reads a file that the manifest lists; undefined where it is not at hand, which results that ship alone may say. */
  readonly readFile: (file: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>
  /** Who is right where on the test split, 0 or 1 an image in dataset order. */
  readonly correctness: Correctness
  /** What its author signed: signature.json, parsed. */
  readonly signature?: Envelope | undefined
  /** What its author signed before it began: the envelope in start.json. */
  readonly start?: Envelope | undefined
}

export interface Correctness {
  /** One an exit, shallowest first. */
  readonly exits: readonly Uint8Array[]
  readonly ensemble: Uint8Array
}
