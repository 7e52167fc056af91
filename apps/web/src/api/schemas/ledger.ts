import { z } from '@hono/zod-openapi'
import {
  envelopeSchema,
  keyIdSchema,
  ledgerEventSchema,
  ledgerReason,
  startSchema,
  treeHeadSchema,
} from '@mate-bench/schema'
import { digestSchema } from './common.ts'

const envelope = envelopeSchema.meta({
  id: 'Envelope',
  description: 'DSSE: what was signed, and an Ed25519 signature over it and its type.',
})

export const eventSchema = ledgerEventSchema.meta({
  id: 'LedgerEvent',
  description: 'What happened to a run. Its canonical JSON (RFC 8785) is a leaf of the tree.',
})

export const headSchema = z
  .object({
    head: treeHeadSchema.meta({ id: 'TreeHead' }),
    envelope: envelope
      .nullable()
      .meta({ description: 'The head as the ledger signed it; null where it has no key.' }),
  })
  .meta({ id: 'LedgerHead', description: 'How many events there are, and the root of the tree over them.' })

const path = z.array(digestSchema).meta({ description: 'Hashes from the leaf up: RFC 9162, section 2.1.3.' })

export const recordedEventSchema = z
  .object({
    index: z.int(),
    event: eventSchema,
    evidence: envelope.nullable().meta({ description: 'What its author signed of it.' }),
  })
  .meta({ id: 'RecordedEvent' })

const provenEvent = z.object({ index: z.int(), event: eventSchema, path })

export const eventProofSchema = provenEvent
  .extend(headSchema.shape)
  .meta({ id: 'EventProof', description: 'An event, and the proof that it is in the tree of the head.' })

export const runEventsSchema = headSchema
  .extend({ events: z.array(provenEvent) })
  .meta({ id: 'RunEvents', description: 'Every event of a run, each with its proof.' })

export const consistencySchema = z.object({ first: z.int(), second: z.int(), path }).meta({
  id: 'Consistency',
  description: 'Proof that nothing was changed or taken out: RFC 9162, section 2.1.4.',
})

export const bindingSchema = envelopeSchema.meta({
  description:
    'Binds the token to the key of its first signed request: a statement that names the SHA-256 of the token and the host of the site, signed with that key.',
})

/** Signed where the sender has a key. */
export const newStartSchema = z
  .union([
    z.strictObject({ envelope: envelopeSchema, binding: bindingSchema.optional() }),
    z.strictObject({ start: startSchema }),
  ])
  .meta({ id: 'NewStart', description: 'A run that is about to be trained, signed or not.' })

export const reasonSchema = z.strictObject({ reason: ledgerReason }).meta({ id: 'Reason' })

export const signingKeySchema = z
  .object({ key: keyIdSchema, owner: z.string().nullable(), runs: z.int(), firstSeenAt: z.iso.datetime() })
  .meta({ id: 'SigningKey', description: 'A public key that has signed something here.' })

export const signatureSchema = z
  .object({ key: keyIdSchema, envelope })
  .meta({ id: 'RunSignature', description: 'Who answers for a run, and what they signed.' })
