export { configFolder } from './config-folder.ts'
export {
  createSigningKey,
  findSigningKey,
  formatKey,
  keyFilePath,
  keyName,
  newKey,
  type SigningKey,
} from './key-file.ts'
export { isKnownLedgerKey, type KnownLedger, knownLedger, rememberLedger } from './known-ledgers.ts'
export { formatEnvelope, signBinding, signEnvelope, signRun, signVerdict } from './sign.ts'
export { distrustKey, type TrustedKey, trustedKeys, trustedKeysPath, trustKey } from './trusted-keys.ts'
