import type { Scope } from '@mate-bench/schema'
import {
  checkToken,
  type Db,
  parseToken,
  type TokenCheck,
  type TokenRecord,
  takeFromBucket,
} from '@mate-bench/store'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ApiDependencies, ApiEnv } from '../dependencies.ts'
import { problemResponse } from '../problem-response.ts'
import { clientAddress } from './client-address.ts'

/**
 * Lets a request through that carries a token of one of these scopes, within the limits of its address and of the
 * token. It runs before the body is looked at.
 *
 * Clients whose address is not known share one allowance, so only what fails is taken from it: nobody without a token
 * can use it up for those who have one.
 */
export function authenticate(deps: ApiDependencies, ...anyOf: readonly Scope[]) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const db = await deps.db()
    const now = deps.clock()
    const takeFor = (address: string) => takeFromBucket(db, `address:${address}`, deps.limits.perAddress, now)
    const address = clientAddress(c.req.raw.headers, deps.trustedProxy)
    if (address !== undefined) {
      const ofAddress = await takeFor(address)
      if (!ofAddress.allowed) return tooMany(ofAddress.retryAfterSeconds)
    }
    const check = await checkBearer(c, db, now)
    if (!check.ok) {
      const ofUnknown = address === undefined ? await takeFor('unknown') : undefined
      if (ofUnknown?.allowed === false) return tooMany(ofUnknown.retryAfterSeconds)
      return check.reason === 'missing'
        ? unauthorized('Bearer', reasons.missing)
        : unauthorized('Bearer error="invalid_token"', reasons[check.reason])
    }
    const { token } = check
    // Before its scopes are looked at: requests that it may not make are limited too.
    const ofToken = await takeFromBucket(db, `token:${token.id}`, deps.limits.perToken, now)
    if (!ofToken.allowed) return tooMany(ofToken.retryAfterSeconds)
    if (!mayDo(token, anyOf)) {
      return problemResponse({
        code: 'forbidden',
        detail: `This needs the scope ${anyOf.join(' or ')}; the token has ${token.scopes.join(', ')}.`,
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${anyOf.join(' ')}"` },
      })
    }
    c.set('token', token)
    c.header('ratelimit-remaining', String(ofToken.remaining))
    await next()
    return undefined
  })
}

/** Whether the token has one of the scopes; `admin` has all. */
export function mayDo({ scopes }: Pick<TokenRecord, 'scopes'>, anyOf: readonly Scope[]): boolean {
  return scopes.some((scope) => scope === 'admin' || anyOf.includes(scope))
}

/** The token's text, as the request has it. */
export function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

async function checkBearer(
  c: Context,
  db: Db,
  now: Date,
): Promise<TokenCheck | { readonly ok: false; readonly reason: 'missing' }> {
  const text = bearerOf(c)
  if (text === undefined) return { ok: false, reason: 'missing' }
  const parsed = parseToken(text)
  return parsed ? await checkToken(db, parsed, now) : { ok: false, reason: 'unknown' }
}

const reasons = {
  missing: 'The request has no token.',
  unknown: 'The token is not known here.',
  expired: 'The token has expired.',
  revoked: 'The token was revoked.',
}

function unauthorized(challenge: string, detail: string): Response {
  return problemResponse({
    code: 'unauthorized',
    detail,
    hint: 'Send Authorization: Bearer TOKEN. Tokens are made with `mate-bench token create`.',
    headers: { 'www-authenticate': challenge },
  })
}

function tooMany(retryAfterSeconds: number): Response {
  return problemResponse({
    code: 'rate-limited',
    detail: `Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  })
}
