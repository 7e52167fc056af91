import { z } from 'zod'

/** An Ed25519 public key by its 32 bytes: a key has no other name that could be taken by somebody else. */
export const keyIdPattern = /^ed25519:[0-9a-f]{64}$/
export const keyIdSchema = z
  .string()
  .regex(keyIdPattern, 'Expected ed25519: and the 64 hex digits of a public key')

const base64 = (bytes: number) =>
  z
    .string()
    .max(Math.ceil(bytes / 3) * 4)
    .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'Expected base64')

/** What is signed may have at most so many bytes: the digests of a run's files are far fewer. */
export const maximumPayloadBytes = 100_000

/** DSSE envelope (secure-systems-lab/dsse, version 1.0): a payload, and signatures over it and its type. */
export const envelopeSchema = z.strictObject({
  payloadType: z.string().max(200),
  payload: base64(maximumPayloadBytes),
  signatures: z.array(z.strictObject({ keyid: keyIdSchema, sig: base64(64) })).length(1),
})
export type Envelope = z.output<typeof envelopeSchema>

/** What the payload of an envelope is. */
export const payloadTypes = {
  statement: 'application/vnd.in-toto+json',
  start: 'application/vnd.mate-bench.start+json',
  treeHead: 'application/vnd.mate-bench.tree-head+json',
  verdict: 'application/vnd.mate-bench.verdict+json',
  binding: 'application/vnd.mate-bench.binding+json',
} as const

export const statementType = 'https://in-toto.io/Statement/v1'
/** A run of MATE Bench, as the predicate below says it. */
export const runPredicateType = 'urn:mate-bench:run:v1'

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/)

/**
 * What whoever binds a token to their key signs. It names both the token and the site: nothing else that the key signs, and no
 * binding that was made for another site, binds a token here.
 */
export const tokenBindingSchema = z.strictObject({
  version: z.literal(1),
  /** Of the token's text. */
  tokenDigest: digestSchema,
  /** Host of the site, with its port where it is not the usual one. */
  site: z.string().max(300),
})
export type TokenBinding = z.output<typeof tokenBindingSchema>

/** In-toto statement, version 1: whoever signs it answers for a run and the bytes of its files. */
export const runStatementSchema = z.strictObject({
  _type: z.literal(statementType),
  subject: z
    .array(
      z.strictObject({
        name: z.string().max(64),
        digest: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      }),
    )
    .max(64),
  predicateType: z.literal(runPredicateType),
  predicate: z.strictObject({
    runId: z.string().max(64),
    specDigest: digestSchema,
    seed: z.int().min(0),
    manifestDigest: digestSchema,
  }),
})
export type RunStatement = z.output<typeof runStatementSchema>
