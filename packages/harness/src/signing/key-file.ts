import { generateKeyPairSync } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { BenchError, checkTexts, keyIdSchema, parseJson, plainLine } from '@mate-bench/schema'
import { z } from 'zod'
import { storageError } from '../atomic-file.ts'
import { makeFolder } from '../make-folder.ts'
import { configFolder } from './config-folder.ts'
import { keyOfSeed } from './key-of-seed.ts'

/** A key that signs: whoever has its secret signs in its name. */
export interface SigningKey {
  /** `ed25519:` and the 64 hex digits of the public key. */
  readonly keyId: string
  /** What its owner calls it; signed nowhere. */
  readonly name: string
  /** Ed25519 seed, 32 bytes (RFC 8032, section 5.1.5). */
  readonly seed: Uint8Array
}

/** What a key may be called. */
export const keyName = plainLine(100).min(1)

const keyFileSchema = z.strictObject({
  format: z.literal('mate-bench-key'),
  version: z.literal(1),
  name: keyName,
  key: keyIdSchema,
  /** Base64 of the 32 bytes. */
  secret: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
})

export function keyFilePath(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(configFolder(env), 'key.json')
}

/**
 * The key that signs here: the content of a key file in `MATE_BENCH_SIGNING_KEY` (for machines that are handed their
 * secrets), else the user's key file.
 *
 * @returns undefined where there is none
 * @throws BenchError `bad-input` for a file that others may read or that holds no key
 */
export function findSigningKey(
  env: Readonly<Record<string, string | undefined>> = process.env,
): SigningKey | undefined {
  if (env.MATE_BENCH_SIGNING_KEY) return parseKey(env.MATE_BENCH_SIGNING_KEY, 'MATE_BENCH_SIGNING_KEY')
  const path = keyFilePath(env)
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return undefined
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new BenchError({
      code: 'bad-input',
      message: `Other users of this machine may read the key in ${path}.`,
      path,
      hint: `Close it with \`chmod 600 ${path}\`, or make a new one if somebody may have copied it.`,
    })
  }
  return parseKey(readFileSync(path, 'utf8'), path)
}

/**
 * Makes a key and writes it to the user's key file, readable by nobody else. What it signs can be verified by anybody;
 * a key that was lost cannot be had again.
 *
 * @throws BenchError `conflict` where there is one, `storage`
 */
export function createSigningKey(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): SigningKey {
  const path = keyFilePath(env)
  if (existsSync(path)) {
    throw new BenchError({
      code: 'conflict',
      message: `There is a key already in ${path}.`,
      path,
      hint: 'It tells whose runs are whose, so it is not overwritten. Move the file away first if you want another key.',
    })
  }
  const key = newKey(name)
  try {
    makeFolder(dirname(path))
    if (process.platform !== 'win32') chmodSync(dirname(path), 0o700)
    // Never readable by others, not even for a moment.
    const file = openSync(path, 'wx', 0o600)
    try {
      writeSync(file, formatKey(key))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (thrown) {
    throw storageError(path, thrown)
  }
  return key
}

/** A fresh key that is written nowhere. */
export function newKey(name: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519')
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
  return { keyId: keyOfSeed(seed), name: keyName.parse(name), seed: Uint8Array.from(seed) }
}

/** A key as its file has it: a secret. */
export function formatKey({ name, keyId, seed }: SigningKey): string {
  const secret = Buffer.from(seed).toString('base64')
  const document: z.input<typeof keyFileSchema> = {
    format: 'mate-bench-key',
    version: 1,
    name,
    key: keyId,
    secret,
  }
  return `${JSON.stringify(document)}\n`
}

/** @throws BenchError `bad-input`, which tells nothing of the content */
function parseKey(text: string, source: string): SigningKey {
  try {
    const input = parseJson(text, source, { maximumBytes: 10_000, maximumDepth: 2 })
    checkTexts(input, source)
    const { name, key, secret } = keyFileSchema.parse(input)
    const seed = Uint8Array.from(Buffer.from(secret, 'base64'))
    if (keyOfSeed(seed) !== key) throw new Error('the secret is of another key')
    return { keyId: key, name, seed }
  } catch {
    // Without a cause: what a parser says may quote the secret.
    throw new BenchError({
      code: 'bad-input',
      message: `${source} holds no signing key.`,
      path: source,
      hint: 'Keys are made by `mate-bench key create`.',
    })
  }
}
