import { checkToken, parseToken, type Scope, type TokenRecord, takeFromBucket } from '@mate-bench/store'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { ApiDependencies, ApiEnv } from '../dependencies.ts'
import { problemResponse } from '../problem.ts'
import { clientAddress } from './client-address.ts'

/**
 * Lets a request through that carries a token of one of these scopes, within the limits of its address and of the
 * token. It runs before the body is looked at.
 */
export function authenticate(deps: ApiDependencies, ...anyOf: readonly Scope[]) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const db = await deps.db()
    const now = deps.clock()
    const address = clientAddress(c.req.raw.headers, deps.trustedProxies)
    const ofAddress = await takeFromBucket(db, `address:${address}`, deps.limits.perAddress, now)
    if (!ofAddress.allowed) return tooMany(ofAddress.retryAfterSeconds)
    const text = bearerOf(c)
    if (text === undefined) return unauthorized('Bearer', 'The request has no token.')
    const parsed = parseToken(text)
    const check = parsed
      ? await checkToken(db, parsed, now)
      : { ok: false as const, reason: 'unknown' as const }
    if (!check.ok) return unauthorized('Bearer error="invalid_token"', reasons[check.reason])
    const { token } = check
    if (!mayDo(token, anyOf)) {
      return problemResponse({
        code: 'forbidden',
        detail: `This needs the scope ${anyOf.join(' or ')}; the token has ${token.scopes.join(', ')}.`,
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${anyOf.join(' ')}"` },
      })
    }
    const ofToken = await takeFromBucket(db, `token:${token.id}`, deps.limits.perToken, now)
    if (!ofToken.allowed) return tooMany(ofToken.retryAfterSeconds)
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

const reasons = {
  unknown: 'The token is not known here.',
  expired: 'The token has expired.',
  revoked: 'The token was revoked.',
}

function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1]
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
