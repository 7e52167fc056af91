import { BenchError, scopes } from '@mate-bench/schema'
import { createToken, listTokens, parseToken, revokeToken, type TokenRecord } from '@mate-bench/store'
import { createPainter } from './format/paint.ts'
import { formatTable } from './format/table.ts'
import { withStore } from './prepared-store.ts'

/** What the `token` commands do. Each writes to standard output. */

export interface TokenOptions {
  readonly owner: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly days: number
  readonly json: boolean
}

const say = (text: string) => process.stdout.write(`${text}\n`)

export async function makeToken({ owner, name, scopes: asked, days, json }: TokenOptions): Promise<void> {
  const granted = scopes.filter((scope) => asked.includes(scope))
  const expiresAt = new Date(Date.now() + days * 24 * 3600 * 1000)
  await withStore(async ({ db, where }) => {
    const { id, token } = await createToken(db, { owner, name, scopes: granted, expiresAt })
    if (json) {
      say(
        JSON.stringify(
          { id, token, owner, name, scopes: granted, expiresAt: expiresAt.toISOString() },
          null,
          2,
        ),
      )
      return
    }
    say(token)
    // Apart from the token, so that `TOKEN=$(mate-bench token create ...)` holds nothing else.
    process.stderr.write(
      `Keep it: it is shown this once. It may ${granted.join(', ')} on ${where} until ${day(expiresAt)}.\n`,
    )
  })
}

export async function sayTokens(json: boolean): Promise<void> {
  await withStore(async ({ db }) => {
    const tokens = await listTokens(db)
    if (json) {
      say(JSON.stringify({ tokens }, null, 2))
      return
    }
    const now = new Date()
    const columns = ['id', 'owner', 'name', 'scopes', 'state', 'last used'].map((title) => ({ title }))
    const rows = tokens.map((token) => [
      token.id,
      token.owner,
      token.name,
      token.scopes.join(', '),
      stateOf(token, now),
      token.lastUsedAt ? day(token.lastUsedAt) : 'never',
    ])
    say(rows.length === 0 ? 'No tokens yet.' : formatTable(columns, rows, createPainter(process.stdout)))
  })
}

export async function withdrawToken(text: string): Promise<void> {
  // Someone who has the whole token at hand may give that.
  const id = parseToken(text)?.id ?? text
  await withStore(async ({ db }) => {
    if (await revokeToken(db, id, new Date())) {
      say(`The token ${id} is revoked.`)
      return
    }
    throw new BenchError({
      code: 'not-found',
      message: 'There is no active token with this id.',
      hint: '`mate-bench token list` shows their ids.',
    })
  })
}

function stateOf({ revokedAt, expiresAt }: TokenRecord, now: Date): string {
  if (revokedAt) return `revoked ${day(revokedAt)}`
  return expiresAt <= now ? `expired ${day(expiresAt)}` : `until ${day(expiresAt)}`
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
