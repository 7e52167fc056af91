export { canonicalJson, type Json } from './canonical.ts'
export { type Digest, digestBytes, digestIndices, digestJson } from './digest.ts'
export { isSmallOrder, verifyEd25519 } from './ed25519.ts'
export {
  fromBase64,
  type OpenedEnvelope,
  openEnvelope,
  preAuthenticationEncoding,
  sealEnvelope,
  shortKey,
  toBase64,
} from './envelope.ts'
export { digestExperiment } from './experiment-digest.ts'
export {
  type EventProof,
  eventHash,
  hashName,
  hashOf,
  openStart,
  openTreeHead,
  type PublishedHead,
  provesConsistency,
  provesEvent,
  signedBytes,
} from './ledger.ts'
export {
  appendedNodes,
  buildNodes,
  consistencyRanges,
  inclusionRanges,
  type LeafRange,
  leafHash,
  type NodePlace,
  type Nodes,
  nodeHash,
  placeName,
  rangeRoot,
  readForAppend,
  subtreesOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'
export { formatManifest, runStatement, statementBytes, verifyRunSignature } from './run-statement.ts'
export { type BoundToken, bindingBytes, verifyBinding } from './token-binding.ts'
export {
  type VerdictContent,
  verdictBytes,
  verdictStatement,
  verifyVerdictSignature,
} from './verdict-statement.ts'
