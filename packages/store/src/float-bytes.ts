/** float32 values as bytes. Their order is that of every processor that Node runs on but one (s390x), which nobody trains on. */
export function floatsToBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** The inverse of `floatsToBytes`. */
export function bytesToFloats(bytes: Uint8Array): Float32Array {
  // A copy: a driver's buffer may begin anywhere.
  return new Float32Array(Uint8Array.from(bytes).buffer)
}
