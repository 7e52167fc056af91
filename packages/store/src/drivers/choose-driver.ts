import { BenchError } from '@mate-bench/schema'
import type { DriverName } from './db.ts'

/** Hosts that are reached over a WebSocket, which serverless functions may open where TCP is dear. */
const serverlessHosts = ['.neon.tech', '.vercel-storage.com']

/**
 * @vercel/postgres for hosts of Neon and Vercel, node-postgres for every other Postgres. The host decides and not
 * the variable's name: nothing else answers to @vercel/postgres's WebSocket.
 *
 * @throws BenchError `bad-input` for what is no Postgres URL
 */
export function chooseDriver(url: string): DriverName {
  const { hostname } = parseDatabaseUrl(url)
  return serverlessHosts.some((suffix) => hostname.endsWith(suffix)) ? 'vercel' : 'pg'
}

/** The URL in the environment: `DATABASE_URL`, else Vercel's `POSTGRES_URL`. */
export function databaseUrlFromEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  return [env.DATABASE_URL, env.POSTGRES_URL].find((url) => url !== undefined && url !== '')
}

/** The message never repeats the URL: it may hold a password. */
export function parseDatabaseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (isCutByPassword(url)) {
    throw new BenchError({
      code: 'bad-input',
      message:
        'The password in the database URL has a character that ends the host: it must be percent-encoded.',
      path: 'DATABASE_URL',
      hint: 'Write %23 for #, %3F for ?, %2F for /, %40 for @ and %25 for %.',
    })
  }
  if (parsed && ['postgres:', 'postgresql:'].includes(parsed.protocol)) return parsed
  throw new BenchError({
    code: 'bad-input',
    message: 'The database URL is not one of Postgres.',
    path: 'DATABASE_URL',
    hint: 'Write postgres://USER:PASSWORD@HOST:PORT/DATABASE, or unset DATABASE_URL and POSTGRES_URL to use the embedded server.',
  })
}

/**
 * Whether user and password end in `/`, `?` or `#` for a parser of URLs: then it is before the first `@`, and what it
 * takes for host and port is the user and the start of the password.
 */
function isCutByPassword(url: string): boolean {
  const authority = /^postgres(?:ql)?:\/\/([^/?#]*)(.*)$/is.exec(url)
  return authority !== null && !authority[1]?.includes('@') && /^[^@]*@[^@]+$/s.test(authority[2] ?? '')
}

/** Host, port and database: what may be shown. */
export function describeUrl(url: string): string {
  const { hostname, port, pathname } = parseDatabaseUrl(url)
  return `${hostname}:${port === '' ? '5432' : port}${pathname}`
}

/**
 * The name of the pooler in front of a Neon host, which @vercel/postgres insists on: `ep-NAME.REGION...` is
 * `ep-NAME-pooler.REGION...`.
 */
export function pooledUrl(url: string): string {
  const parsed = parseDatabaseUrl(url)
  const [first = '', ...rest] = parsed.hostname.split('.')
  if (rest.length === 0 || first.endsWith('-pooler')) return url
  parsed.hostname = [`${first}-pooler`, ...rest].join('.')
  return parsed.href
}
