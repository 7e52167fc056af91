import { BenchError } from '@mate-bench/schema'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'

/**
 * Merkle trees as RFC 9162, section 2.1 has them. A tree over n leaves is kept as its complete subtrees, which never change
 * once they are there: node (level, i) is the root over the leaves from i 2^level to (i + 1) 2^level. Every root and every
 * proof is a few of these, hashed together.
 */

/** Hash of a leaf: SHA-256(0x00 || leaf). */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(0), leaf))
}

/** Hash of an inner node: SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(Uint8Array.of(1), left, right))
}

/** A complete subtree. */
export interface NodePlace {
  readonly level: number
  readonly index: number
}

/** Leaves from `start` up to, and without, `end`. */
export interface LeafRange {
  readonly start: number
  readonly end: number
}

/** Hash of a complete subtree, by `placeName`. */
export type Nodes = ReadonlyMap<string, Uint8Array>

export function placeName({ level, index }: NodePlace): string {
  return `${level}/${index}`
}

/** The largest power of two below n, for n > 1. */
function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/**
 * The complete subtrees that the root over a range of leaves is made of, from left to right.
 * @param range as the recursion of RFC 9162 makes them: its start is a multiple of its largest subtree
 */
export function subtreesOf({ start, end }: LeafRange): NodePlace[] {
  const places: NodePlace[] = []
  for (let at = start; at < end; ) {
    let level = 0
    while (at + 2 ** (level + 1) <= end) level++
    places.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return places
}

/** Root over a range of leaves from its complete subtrees; that of none is the hash of nothing. */
export function rangeRoot(range: LeafRange, nodes: Nodes): Uint8Array {
  const hashes = subtreesOf(range).map((place) => {
    const hash = nodes.get(placeName(place))
    if (!hash)
      throw new BenchError({ code: 'internal', message: `The tree lacks its node ${placeName(place)}.` })
    return hash
  })
  return (
    hashes.reduceRight<Uint8Array | undefined>(
      (right, left) => (right ? nodeHash(left, right) : left),
      undefined,
    ) ?? sha256(new Uint8Array())
  )
}

/** Those nodes that `appendedNodes` reads beside the new leaf. */
export function readForAppend(size: number): NodePlace[] {
  const places: NodePlace[] = []
  for (let level = 0, index = size; index % 2 === 1; level++, index = (index - 1) / 2) {
    places.push({ level, index: index - 1 })
  }
  return places
}

/**
 * The complete subtrees that a tree of `size` leaves gains with one more.
 * @param nodes those of `readForAppend`
 */
export function appendedNodes(
  size: number,
  leaf: Uint8Array,
  nodes: Nodes,
): (NodePlace & { readonly hash: Uint8Array })[] {
  const added = [{ level: 0, index: size, hash: leaf }]
  let hash = leaf
  for (const place of readForAppend(size)) {
    const left = nodes.get(placeName(place))
    if (!left)
      throw new BenchError({ code: 'internal', message: `The tree lacks its node ${placeName(place)}.` })
    hash = nodeHash(left, hash)
    added.push({ level: place.level + 1, index: place.index / 2, hash })
  }
  return added
}

/** All complete subtrees over these leaves' hashes. */
export function buildNodes(leaves: readonly Uint8Array[]): Map<string, Uint8Array> {
  const nodes = new Map<string, Uint8Array>()
  leaves.forEach((leaf, size) => {
    for (const { hash, ...place } of appendedNodes(size, leaf, nodes)) nodes.set(placeName(place), hash)
  })
  return nodes
}

/** Ranges whose roots prove that leaf `index` is in the tree of `size` leaves: RFC 9162, section 2.1.3.1. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} of ${size}`)
  const path = (start: number, end: number): LeafRange[] => {
    if (end - start === 1) return []
    const middle = start + splitOf(end - start)
    return index < middle
      ? [...path(start, middle), { start: middle, end }]
      : [...path(middle, end), { start, end: middle }]
  }
  return path(0, size)
}

/** Ranges whose roots prove that the tree of `first` leaves is the beginning of that of `second`: section 2.1.4.1. */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  if (!(first > 0 && first <= second)) throw new RangeError(`from ${first} to ${second} leaves`)
  const proof = (start: number, end: number, isWhole: boolean): LeafRange[] => {
    if (first === end) return isWhole ? [] : [{ start, end }]
    const middle = start + splitOf(end - start)
    return first <= middle
      ? [...proof(start, middle, isWhole), { start: middle, end }]
      : [...proof(middle, end, false), { start, end: middle }]
  }
  return proof(0, second, true)
}

export interface InclusionProof {
  readonly index: number
  readonly size: number
  /** Hash of the leaf. */
  readonly leaf: Uint8Array
  readonly path: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** Whether a proof of inclusion holds, by the algorithm of RFC 9162, section 2.1.3.2. */
export function verifyInclusion({ index, size, leaf, path, root }: InclusionProof): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false
  let fn = index
  let sn = size - 1
  let hash = leaf
  for (const node of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(node, hash)
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2
        sn = Math.floor(sn / 2)
      }
    } else {
      hash = nodeHash(hash, node)
    }
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && equal(hash, root)
}

export interface ConsistencyProof {
  readonly first: number
  readonly second: number
  readonly firstRoot: Uint8Array
  readonly secondRoot: Uint8Array
  readonly path: readonly Uint8Array[]
}

/** Whether a proof of consistency holds, by the algorithm of RFC 9162, section 2.1.4.2. */
export function verifyConsistency({ first, second, firstRoot, secondRoot, path }: ConsistencyProof): boolean {
  if (!(Number.isSafeInteger(first) && Number.isSafeInteger(second) && first > 0 && first <= second))
    return false
  if (first === second) return path.length === 0 && equal(firstRoot, secondRoot)
  const isPower = Number.isInteger(Math.log2(first))
  const [start, ...rest] = isPower ? [firstRoot, ...path] : path
  if (path.length === 0 || !start) return false
  let fn = first - 1
  let sn = second - 1
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  let fr = start
  let sr = start
  for (const node of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(node, fr)
      sr = nodeHash(node, sr)
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2
        sn = Math.floor(sn / 2)
      }
    } else {
      sr = nodeHash(sr, node)
    }
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && equal(fr, firstRoot) && equal(sr, secondRoot)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return bytesToHex(a) === bytesToHex(b)
}
