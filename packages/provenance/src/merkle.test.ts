import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  buildNodes,
  consistencyRanges,
  inclusionRanges,
  leafHash,
  nodeHash,
  rangeRoot,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'

/** The leaves that the tests of Certificate Transparency's own library use, and the roots over the first n of them. */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((leaf) => leafHash(hexToBytes(leaf)))
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const nodes = buildNodes(leaves)
const rootOf = (size: number) => rangeRoot({ start: 0, end: size }, nodes)

describe('a tree', () => {
  it('has the roots of the published vectors', () => {
    expect(roots.map((_, i) => bytesToHex(rootOf(i + 1)))).toEqual(roots)
  })

  it('over no leaves is the hash of nothing', () => {
    expect(bytesToHex(rootOf(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it('over three leaves is as the definition gives it by hand', () => {
    const [a, b, c] = [0, 1, 2].map((i) => leafHash(Uint8Array.of(i))) as [Uint8Array, Uint8Array, Uint8Array]
    expect(rangeRoot({ start: 0, end: 3 }, buildNodes([a, b, c]))).toEqual(nodeHash(nodeHash(a, b), c))
  })
})

describe('proofs', () => {
  // RFC 9162, section 2.1.5: the tree over d0 to d6.
  const pathOf = (ranges: readonly { start: number; end: number }[]) =>
    ranges.map(({ start, end }) => `${start}-${end}`)

  it('of inclusion are those of the example in RFC 9162', () => {
    expect(pathOf(inclusionRanges(0, 7))).toEqual(['1-2', '2-4', '4-7']) // [b, h, l]
    expect(pathOf(inclusionRanges(3, 7))).toEqual(['2-3', '0-2', '4-7']) // [c, g, l]
    expect(pathOf(inclusionRanges(4, 7))).toEqual(['5-6', '6-7', '0-4']) // [f, j, k]
    expect(pathOf(inclusionRanges(6, 7))).toEqual(['4-6', '0-4']) // [i, k]
  })

  it('of consistency are those of the example in RFC 9162', () => {
    expect(pathOf(consistencyRanges(3, 7))).toEqual(['2-3', '3-4', '0-2', '4-7']) // [c, d, g, l]
    expect(pathOf(consistencyRanges(4, 7))).toEqual(['4-7']) // [l]
    expect(pathOf(consistencyRanges(6, 7))).toEqual(['4-6', '6-7', '0-4']) // [i, j, k]
  })

  const sizes = fc
    .integer({ min: 1, max: 80 })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }))
  const many = Array.from({ length: 80 }, (_, i) => leafHash(utf8ToBytes(`leaf ${i}`)))
  const all = buildNodes(many)
  const root = (size: number) => rangeRoot({ start: 0, end: size }, all)
  const read = (ranges: readonly { start: number; end: number }[]) =>
    ranges.map((range) => rangeRoot(range, all))

  it('of inclusion hold, and for no other leaf, place, size, root or path', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ({ size, index }, at) => {
        const leaf = many[index] ?? new Uint8Array()
        const proof = { index, size, leaf, path: read(inclusionRanges(index, size)), root: root(size) }
        expect(verifyInclusion(proof)).toBe(true)
        const other = leafHash(utf8ToBytes('another'))
        expect(verifyInclusion({ ...proof, leaf: other })).toBe(false)
        expect(verifyInclusion({ ...proof, root: other })).toBe(false)
        expect(verifyInclusion({ ...proof, path: [...proof.path, other] })).toBe(false)
        if (size > 1) {
          expect(verifyInclusion({ ...proof, index: (index + 1) % size })).toBe(false)
          expect(verifyInclusion({ ...proof, path: proof.path.slice(1) })).toBe(false)
          expect(verifyInclusion({ ...proof, path: proof.path.with(at % proof.path.length, other) })).toBe(
            false,
          )
        }
      }),
    )
  })

  it('of consistency hold, and for no other root or path', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ({ size: second, index }, at) => {
        const first = index + 1
        const path = read(consistencyRanges(first, second))
        const proof = { first, second, path, firstRoot: root(first), secondRoot: root(second) }
        expect(verifyConsistency(proof)).toBe(true)
        const other = leafHash(utf8ToBytes('another'))
        expect(verifyConsistency({ ...proof, firstRoot: other })).toBe(false)
        expect(verifyConsistency({ ...proof, secondRoot: other })).toBe(false)
        expect(verifyConsistency({ ...proof, path: [...path, other] })).toBe(false)
        if (path.length > 0) {
          expect(verifyConsistency({ ...proof, path: path.with(at % path.length, other) })).toBe(false)
          expect(verifyConsistency({ ...proof, path: path.slice(1) })).toBe(false)
        }
      }),
    )
  })
})
