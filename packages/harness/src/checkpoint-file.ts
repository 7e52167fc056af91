/**
 * A checkpoint's file: safetensors whose first member of the header is the file's own SHA-256, taken with zeros in that
 * place. Whatever bit of it changes, it shows before anything of it is used.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { BenchError } from '@mate-bench/schema'
import { type Checkpoint, trainingStateSchema } from './checkpoint.ts'
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts'

const beforeSeal = '{"__metadata__":{"seal":"sha256:'
/** Behind the eight bytes of the header's length. */
const sealStart = 8 + beforeSeal.length
const sealEnd = sealStart + 64

export function encodeCheckpoint({ state, tensors }: Checkpoint): Uint8Array {
  const metadata = { seal: `sha256:${'0'.repeat(64)}`, state: JSON.stringify(state) }
  const file = encodeSafetensors({ tensors, metadata })
  file.set(new TextEncoder().encode(sealOf(file)), sealStart)
  return file
}

/**
 * Reads a checkpoint and holds it to its seal.
 * @throws BenchError `bad-input` for one that is damaged, or was written by another version; `storage`
 */
export function readCheckpoint(path: string): Checkpoint {
  const file = readBytes(path)
  const text = (start: number, end: number) => new TextDecoder('latin1').decode(file.subarray(start, end))
  if (text(8, sealStart) !== beforeSeal) throw damaged(path, 'it is not a sealed checkpoint of this version')
  if (text(sealStart, sealEnd) !== sealOf(file))
    throw damaged(path, 'its bytes are not those that were saved')
  const { tensors, metadata } = decodeSafetensors(file, path)
  const state = trainingStateSchema.safeParse(parse(metadata.state))
  if (!state.success) throw damaged(path, 'it does not hold a training state of this version')
  return { state: state.data, tensors }
}

/** The error for a checkpoint that can't be trusted. */
export function damaged(path: string, why: string): BenchError {
  return new BenchError({ code: 'bad-input', message: `The checkpoint is damaged (${why}): ${path}`, path })
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw damaged(path, cause instanceof Error ? cause.message : String(cause))
  }
}

/** 64 hex digits. */
function sealOf(file: Uint8Array): string {
  return createHash('sha256')
    .update(file.subarray(0, sealStart))
    .update('0'.repeat(64))
    .update(file.subarray(sealEnd))
    .digest('hex')
}

function parse(state: string | undefined): unknown {
  try {
    return JSON.parse(state ?? 'null')
  } catch {
    return undefined
  }
}
