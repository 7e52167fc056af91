import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isSmallOrder } from '@mate-bench/provenance'
import { BenchError, checkTexts, keyIdSchema, parseJson } from '@mate-bench/schema'
import { z } from 'zod'
import { writeFileAtomic } from '../atomic-file.ts'
import { makeFolder } from '../make-folder.ts'
import { configFolder } from './config-folder.ts'
import { findSigningKey, keyName } from './key-file.ts'

const trustedSchema = z.strictObject({
  format: z.literal('mate-bench-trusted-keys'),
  version: z.literal(1),
  keys: z.array(z.strictObject({ key: keyIdSchema, name: keyName })).max(10_000),
})

export interface TrustedKey {
  readonly keyId: string
  readonly name: string
  /** The user's own. */
  readonly own: boolean
}

type Env = Readonly<Record<string, string | undefined>>

export function trustedKeysPath(env: Env = process.env): string {
  return join(configFolder(env), 'trusted-keys.json')
}

/**
 * The user's own key, and those that they said they trust, in that order.
 * @throws BenchError `bad-input` for files that hold something else
 */
export function trustedKeys(env: Env = process.env): TrustedKey[] {
  const own = findSigningKey(env)
  const others = readTrusted(env).map(({ key, name }) => ({ keyId: key, name, own: false }))
  return own ? [{ keyId: own.keyId, name: own.name, own: true }, ...others] : others
}

/**
 * Trusts a key from now on, under a name of the user's choice.
 * @throws BenchError `conflict` for a name that another key has, `bad-input` for a key of which nobody can have the secret
 */
export function trustKey(keyId: string, name: string, env: Env = process.env): void {
  if (isSmallOrder(keyIdSchema.parse(keyId))) {
    throw new BenchError({
      code: 'bad-input',
      message: `${keyId} is a point of small order: anybody can make signatures that are valid under it.`,
      path: 'key',
      hint: 'Ask for the key that `mate-bench key show` prints.',
    })
  }
  const keys = readTrusted(env)
  const other = keys.find((known) => known.name === name && known.key !== keyId)
  if (other) {
    throw new BenchError({
      code: 'conflict',
      message: `You trust another key under the name ${name}: ${other.key}`,
      path: trustedKeysPath(env),
      hint: 'Choose another name, or stop trusting that key: `mate-bench key trust KEY --remove`.',
    })
  }
  const rest = keys.filter(({ key }) => key !== keyId)
  writeTrusted([...rest, { key: keyIdSchema.parse(keyId), name: keyName.parse(name) }], env)
}

/** @returns false where it was not trusted */
export function distrustKey(keyId: string, env: Env = process.env): boolean {
  const keys = readTrusted(env)
  const rest = keys.filter(({ key }) => key !== keyId)
  if (rest.length === keys.length) return false
  writeTrusted(rest, env)
  return true
}

function readTrusted(env: Env): z.output<typeof trustedSchema>['keys'] {
  const path = trustedKeysPath(env)
  if (!existsSync(path)) return []
  const input = parseJson(readFileSync(path, 'utf8'), path, { maximumBytes: 5_000_000, maximumDepth: 4 })
  checkTexts(input, path)
  const parsed = trustedSchema.safeParse(input)
  if (parsed.success) return parsed.data.keys
  throw new BenchError({
    code: 'bad-input',
    message: `${path} is no list of trusted keys.`,
    path,
    hint: 'Move it away, and trust the keys again with `mate-bench key trust`.',
  })
}

function writeTrusted(keys: z.input<typeof trustedSchema>['keys'], env: Env): void {
  const path = trustedKeysPath(env)
  makeFolder(dirname(path))
  const document: z.input<typeof trustedSchema> = { format: 'mate-bench-trusted-keys', version: 1, keys }
  writeFileAtomic(path, `${JSON.stringify(document, null, 2)}\n`)
}
