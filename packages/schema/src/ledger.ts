import { z } from 'zod'
import { idPatterns } from './ids.ts'
import { plainLine, plausibleTime } from './plain-text.ts'
import { keyIdSchema } from './signature.ts'
import { maximumSeed } from './spec.ts'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'Expected sha256: and 64 hex digits')

/** Which run an event is of. */
const runOf = {
  runId: z.string().regex(idPatterns.run, 'Expected run_ and 20 hex digits'),
  specDigest: digest,
  /** Of the spec without name, description and seeds: what an entry is. */
  experimentDigest: digest,
  seed: z.int().min(0).max(maximumSeed),
}

const common = {
  version: z.literal(1),
  ...runOf,
  /** When the ledger wrote it down, by its own clock. */
  at: plausibleTime,
  /** The key that answers for it; null where nothing was signed. */
  key: keyIdSchema.nullable(),
}

/** Why a run failed or was withdrawn. */
export const ledgerReason = plainLine(500).min(1)

/**
 * When a start was written down: by the ledger before anything was trained, or only with the finished run, of which the
 * ledger then knows no more than what its author says.
 */
export const registrations = ['before-training', 'at-publication'] as const

/** What happened to a run. A ledger's leaves are these, as canonical JSON (RFC 8785) in UTF-8. */
export const ledgerEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('started'), ...common, registered: z.enum(registrations) }),
  z.strictObject({ kind: z.literal('finished'), ...common, manifestDigest: digest }),
  z.strictObject({ kind: z.literal('failed'), ...common, reason: ledgerReason }),
  z.strictObject({ kind: z.literal('withdrawn'), ...common, reason: ledgerReason }),
])
export type LedgerEvent = z.output<typeof ledgerEventSchema>
export type LedgerKind = LedgerEvent['kind']
export const ledgerKinds = ['started', 'finished', 'failed', 'withdrawn'] as const satisfies LedgerKind[]

/** What a ledger signs: how many events it holds, and the root of the Merkle tree (RFC 9162) over them. */
export const treeHeadSchema = z.strictObject({
  version: z.literal(1),
  treeSize: z.int().min(0),
  rootHash: digest,
  /** Of the last event; null while there is none. */
  at: plausibleTime.nullable(),
})
export type TreeHead = z.output<typeof treeHeadSchema>

/** What whoever trains signs before a run begins. */
export const startSchema = z.strictObject({ version: z.literal(1), ...runOf, at: plausibleTime })
export type RunStart = z.output<typeof startSchema>
