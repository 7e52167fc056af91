/** Address of tfjs' WebAssembly module with SIMD, which a bundler puts beside its output. */
export const wasmBinary = new URL(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  import.meta.url,
)
