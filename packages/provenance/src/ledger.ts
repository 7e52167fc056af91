import {
  BenchError,
  type Envelope,
  type LedgerEvent,
  payloadTypes,
  type RunStart,
  startSchema,
  type TreeHead,
  treeHeadSchema,
} from '@mate-bench/schema'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { canonicalJson } from './canonical.ts'
import { openEnvelope } from './envelope.ts'
import { leafHash, verifyConsistency, verifyInclusion } from './merkle.ts'

/** Hash of the leaf that an event is: over its canonical JSON in UTF-8. */
export function eventHash(event: LedgerEvent): Uint8Array {
  return leafHash(utf8ToBytes(canonicalJson(event)))
}

/** The bytes that are signed of a tree head or a start. */
export function signedBytes(document: TreeHead | RunStart): Uint8Array {
  return utf8ToBytes(canonicalJson(document))
}

/**
 * Opens the signed head of a ledger.
 * @throws BenchError `verification-failed`, `bad-input`
 */
export async function openTreeHead(envelope: unknown): Promise<{ keyId: string; head: TreeHead }> {
  const { keyId, payload } = await openEnvelope(envelope, payloadTypes.treeHead)
  return { keyId, head: readSigned(payload, treeHeadSchema, 'head of a ledger') }
}

/**
 * Opens the signed start of a run.
 * @throws BenchError `verification-failed`, `bad-input`
 */
export async function openStart(envelope: unknown): Promise<{ keyId: string; start: RunStart }> {
  const { keyId, payload } = await openEnvelope(envelope, payloadTypes.start)
  return { keyId, start: readSigned(payload, startSchema, 'start of a run') }
}

interface Parser<T> {
  safeParse(input: unknown): { success: boolean; data?: T | undefined }
}

function readSigned<T>(payload: Uint8Array, schema: Parser<T>, what: string): T {
  let input: unknown
  try {
    input = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    input = undefined
  }
  const { data } = schema.safeParse(input)
  if (data !== undefined) return data
  throw new BenchError({ code: 'bad-input', message: `What is signed is no ${what}.` })
}

/** A head, and the envelope in which the ledger signed it; null where it has no key. */
export interface PublishedHead {
  readonly head: TreeHead
  readonly envelope: Envelope | null
}

/** An event in a ledger with what proves that it is there: hashes as `sha256:` and 64 hex digits. */
export interface EventProof {
  readonly index: number
  readonly event: LedgerEvent
  readonly path: readonly string[]
}

/** Whether the event is in the tree of the head. */
export function provesEvent({ index, event, path }: EventProof, head: TreeHead): boolean {
  const [size, root] = [head.treeSize, hashOf(head.rootHash)]
  return verifyInclusion({ index, size, leaf: eventHash(event), path: path.map(hashOf), root })
}

/** Whether the tree of `first` is the beginning of that of `second`: nothing was changed or taken out in between. */
export function provesConsistency(first: TreeHead, second: TreeHead, path: readonly string[]): boolean {
  // The empty tree is the beginning of every other.
  if (first.treeSize === 0) return true
  return verifyConsistency({
    first: first.treeSize,
    second: second.treeSize,
    firstRoot: hashOf(first.rootHash),
    secondRoot: hashOf(second.rootHash),
    path: path.map(hashOf),
  })
}

/** `sha256:` and 64 hex digits of a hash. */
export function hashName(hash: Uint8Array): string {
  return `sha256:${bytesToHex(hash)}`
}

/** The 32 bytes of `sha256:` and 64 hex digits; none for another text. */
export function hashOf(name: string): Uint8Array {
  return /^sha256:[0-9a-f]{64}$/.test(name) ? hexToBytes(name.slice('sha256:'.length)) : new Uint8Array()
}
