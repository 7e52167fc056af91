import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isSmallOrder, openEnvelope, preAuthenticationEncoding, verifyEd25519 } from '@mate-bench/provenance'
import { payloadTypes } from '@mate-bench/schema'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createSigningKey,
  distrustKey,
  findSigningKey,
  formatKey,
  keyFilePath,
  newKey,
  signEnvelope,
  trustedKeys,
  trustKey,
} from './index.ts'
import { keyOfSeed, signBytes } from './key-of-seed.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const text = (content: string) => new TextEncoder().encode(content)
const place = mkdtempSync(join(tmpdir(), 'signing-'))
let env: { MATE_BENCH_CONFIG: string }
let count = 0

beforeEach(() => {
  env = { MATE_BENCH_CONFIG: join(place, String(count++)) }
})
afterAll(() => rmSync(place, { recursive: true }))

describe('Ed25519', () => {
  // RFC 8032, section 7.1, TEST 2 and TEST 3.
  it.each([
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('signs as RFC 8032 has it, seed %s', async (seed, publicKey, message, signature) => {
    expect(keyOfSeed(hex(seed))).toBe(`ed25519:${publicKey}`)
    expect(Buffer.from(signBytes(hex(seed), hex(message))).toString('hex')).toBe(signature)
    expect(await verifyEd25519(`ed25519:${publicKey}`, hex(message), hex(signature))).toBe(true)
    expect(await verifyEd25519(`ed25519:${publicKey}`, hex(`${message}00`), hex(signature))).toBe(false)
  })
})

describe('a key of small order', () => {
  const p = 2n ** 255n - 19n
  const mod = (a: bigint) => ((a % p) + p) % p
  const inverse = (a: bigint) => {
    let [power, base, result] = [p - 2n, mod(a), 1n]
    for (; power > 0n; power >>= 1n, base = mod(base * base)) if (power & 1n) result = mod(result * base)
    return result
  }
  const d = mod(-121665n * inverse(121666n))
  /** y of the doubled point, on -x² + y² = 1 + d x² y². */
  const doubled = (y: bigint) => {
    const x2 = mod((y * y - 1n) * inverse(d * y * y + 1n))
    return mod((y * y + x2) * inverse(2n + x2 - y * y))
  }
  const keyOf = (y: bigint, sign: bigint) => {
    const little = Buffer.from((y | (sign << 255n)).toString(16).padStart(64, '0'), 'hex').reverse()
    return `ed25519:${little.toString('hex')}`
  }
  const order8 = BigInt(
    `0x${Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex').reverse().toString('hex')}`,
  )

  it.each([0n, 1n, order8, p - order8, p - 1n, p, p + 1n])('is refused, y = %s', async (y) => {
    expect(doubled(doubled(doubled(mod(y))))).toBe(1n)
    // R the neutral element, S zero: under the neutral element as the key it would hold for any message.
    const signature = Uint8Array.from({ length: 64 }, (_, i) => (i === 0 ? 1 : 0))
    for (const sign of [0n, 1n]) {
      const key = keyOf(y, sign)
      expect(isSmallOrder(key)).toBe(true)
      for (const message of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
        expect(await verifyEd25519(key, text(message), signature)).toBe(false)
      }
      expect(() => trustKey(key, 'eve', env)).toThrow(/small order/)
    }
    expect(trustedKeys(env)).toEqual([])
  })

  it('is none that is made here', () => {
    expect(isSmallOrder(newKey('ada').keyId)).toBe(false)
  })
})

describe('an envelope', () => {
  it('is signed over its pre-authentication encoding, as the protocol of DSSE gives it', () => {
    const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', text('hello world'))
    expect(new TextDecoder().decode(encoded)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  })

  it('opens to what was signed, and to nothing after any change', async () => {
    const key = newKey('ada')
    const envelope = signEnvelope(key, payloadTypes.start, text('{"seed":1}'))
    const opened = await openEnvelope(envelope, payloadTypes.start)
    expect(opened).toEqual({ keyId: key.keyId, payload: text('{"seed":1}') })
    const [signature] = envelope.signatures
    const changes = [
      { ...envelope, payload: Buffer.from('{"seed":2}').toString('base64') },
      { ...envelope, signatures: [{ ...signature, keyid: newKey('eve').keyId }] },
      { ...envelope, signatures: [{ ...signature, sig: Buffer.alloc(64).toString('base64') }] },
    ]
    for (const changed of changes) {
      await expect(openEnvelope(changed, payloadTypes.start)).rejects.toMatchObject({
        code: 'verification-failed',
      })
    }
    // As another kind of thing it does not open either: its type is signed.
    await expect(openEnvelope({ ...envelope, payloadType: payloadTypes.statement }, payloadTypes.statement))
      .rejects // …
      .toMatchObject({ code: 'verification-failed' })
    await expect(openEnvelope({ ...envelope, signatures: [] }, payloadTypes.start)).rejects.toMatchObject({
      code: 'bad-input',
    })
  })
})

describe('the key file', () => {
  it('is readable by its owner alone, and is found again', () => {
    const key = createSigningKey('ada', env)
    expect(statSync(keyFilePath(env)).mode & 0o777).toBe(0o600)
    expect(findSigningKey(env)).toEqual(key)
    // OpenSSL, or whatever else reads PKCS #8, can use it.
    expect(keyOfSeed(key.seed)).toBe(key.keyId)
  })

  it('is never written over', () => {
    createSigningKey('ada', env)
    const before = readFileSync(keyFilePath(env))
    expect(() => createSigningKey('bob', env)).toThrow(/already/)
    expect(readFileSync(keyFilePath(env))).toEqual(before)
  })

  it('is refused where others may read it', () => {
    createSigningKey('ada', env)
    chmodSync(keyFilePath(env), 0o644)
    expect(() => findSigningKey(env)).toThrow(/Other users/)
  })

  it.each(['', '{}', 'not json', '{"format":"mate-bench-key"}'])(
    'is refused with another content: %s',
    (content) => {
      mkdirSync(env.MATE_BENCH_CONFIG)
      writeFileSync(keyFilePath(env), content, { mode: 0o600 })
      expect(() => findSigningKey(env)).toThrow(/holds no signing key/)
    },
  )

  it('tells nothing of a secret that is not that of its key', () => {
    const secret = formatKey({ ...newKey('ada'), keyId: newKey('eve').keyId })
    const thrown = (() => {
      try {
        return findSigningKey({ MATE_BENCH_SIGNING_KEY: secret })
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toBeInstanceOf(Error)
    expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toContain(
      JSON.parse(secret).secret,
    )
  })

  it('may come from the environment', () => {
    const key = newKey('worker')
    expect(findSigningKey({ ...env, MATE_BENCH_SIGNING_KEY: formatKey(key) })).toEqual(key)
    expect(findSigningKey(env)).toBeUndefined()
  })
})

describe('trusted keys', () => {
  it('are the own key and those that the user named', () => {
    const own = createSigningKey('ada', env)
    const bob = newKey('bob').keyId
    trustKey(bob, 'bob', env)
    trustKey(bob, 'bob, office', env)
    expect(trustedKeys(env)).toEqual([
      { keyId: own.keyId, name: 'ada', own: true },
      { keyId: bob, name: 'bob, office', own: false },
    ])
    expect(() => trustKey(newKey('eve').keyId, 'bob, office', env)).toThrow(/another key/)
    expect([distrustKey(bob, env), distrustKey(bob, env)]).toEqual([true, false])
  })
})

/** Whether this machine has an OpenSSL that knows Ed25519: another implementation reads what is signed here. */
function openssl(args: readonly string[]): string | undefined {
  try {
    return execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' })
  } catch {
    return undefined
  }
}

it.skipIf(!openssl(['version'])?.startsWith('OpenSSL 3'))('is verified by OpenSSL', () => {
  const key = newKey('ada')
  const envelope = signEnvelope(key, payloadTypes.statement, text('{}'))
  const publicKey = Buffer.concat([hex('302a300506032b6570032100'), hex(key.keyId.slice(8))])
  const file = (name: string, content: Uint8Array) => {
    const path = join(place, name)
    writeFileSync(path, content)
    return path
  }
  const message = preAuthenticationEncoding(payloadTypes.statement, text('{}'))
  const said = openssl([
    ...['pkeyutl', '-verify', '-pubin', '-rawin', '-keyform', 'DER'],
    ...['-inkey', file('public.der', publicKey)],
    ...['-in', file('message', message)],
    ...['-sigfile', file('signature', Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64'))],
  ])
  expect(said).toContain('Signature Verified Successfully')
})
