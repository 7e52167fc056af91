import { readFile } from 'node:fs/promises'

/** The same memory as a plain `Uint8Array`: callers see no `Buffer`. */
export function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

export async function readBytes(path: string): Promise<Uint8Array> {
  return plainBytes(await readFile(path))
}
