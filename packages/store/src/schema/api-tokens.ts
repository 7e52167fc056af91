import type { Scope } from '@mate-bench/schema'
import { index, json, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/** Bearer tokens of the API. Only a hash of the secret is kept. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: text('id').primaryKey(),
    /** SHA-256 of a 256-bit random secret; a slow hash is for passwords that people choose. */
    secretHash: bytea('secret_hash').notNull(),
    name: text('name').notNull(),
    owner: text('owner').notNull(),
    /** The key of its first signed request, and of every later one. */
    key: text('key'),
    scopes: text('scopes').array().$type<Scope[]>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [index('api_tokens_owner').on(table.owner)],
)

/** Answers to requests that carried an `Idempotency-Key`, so that a repeated request gets the same one. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    tokenId: text('token_id')
      .notNull()
      .references(() => apiTokens.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    /** Of the request: the same key with another request is refused. */
    requestDigest: text('request_digest').notNull(),
    /** HTTP status of the answer; null while the first request is at work. */
    status: smallint('status'),
    response: json('response'),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tokenId, table.key] }),
    index('idempotency_keys_expiry').on(table.expiresAt),
  ],
)

/** A bucket per token or address. `fullAt` is when it would be full again (GCRA's theoretical arrival time). */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    fullAt: instant('full_at').notNull(),
  },
  (table) => [index('rate_limits_full').on(table.fullAt)],
)
