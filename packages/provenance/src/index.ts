export { canonicalJson, type Json } from './canonical.ts'
export { type Digest, digestBytes, digestIndices, digestJson } from './digest.ts'
