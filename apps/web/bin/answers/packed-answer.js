import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gunzip, gzip } from 'node:zlib'
import { takePageData } from './page-data.js'
import { withScriptHashes } from './script-hashes.js'
import { withoutReact } from './without-react.js'

const asGzip = promisify(gzip)
const fromGzip = promisify(gunzip)
const asBrotli = promisify(brotliCompress)

/** For caches between the site and its readers: together they are how late a change may be seen there. */
const sharedSeconds = { fresh: 30, stale: 30 }
const dataCaching = `public, max-age=0, s-maxage=${sharedSeconds.fresh}, stale-while-revalidate=${sharedSeconds.stale}`

const compressible =
  /^(text\/|application\/([\w.+-]*\+)?(json|xml|javascript|wasm|x-tex|x-bibtex)|image\/svg\+xml)/
/** Below, the encoding's own frame costs more than it saves. */
const leastCompressedBytes = 400
/** Made beside other answers, not before them: 9 of 11 takes a tenth of the time for a twelfth more. */
const brotliQualities = { data: 9, build: 11 }

const dataHeaders = {
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': 'public, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
}

/** Of one connection: whoever sends the answer writes its own. */
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date'])
/** Of one answer, and what is said anew. */
const dropped = new Set([
  ...ofConnection,
  ...['content-length', 'content-encoding', 'etag', 'set-cookie', 'cache-control', 'vary'],
])

/**
 * An answer as bytes that are sent as they are: compressed once, with a strong ETag for each encoding.
 *
 * @param answer status, headers (texts by lower-case names) and body of the site's own answer, uncompressed
 * @param url path and query
 * @returns the answer, and for a page what React needs of it (`data`); undefined for what must not be kept: failures,
 *   redirects, what says so itself
 */
export async function packAnswer({ status, headers, body }, url) {
  const own = headers['cache-control'] ?? ''
  if (status !== 200 || headers['set-cookie'] !== undefined) return undefined
  // Next says of every page that it is rendered for a reader; what is rendered here is not.
  if (url.startsWith('/api/') && /no-store|private/.test(own)) return undefined
  const isHtml = headers['content-type']?.startsWith('text/html') ?? false
  const lasts = url.startsWith('/_next/') ? 'build' : 'data'
  if (!isHtml) return { answer: await pack(headers, body, lasts) }
  const { html, data } = takePageData(headers, withoutReact(headers, body.toString('utf8')), url)
  const page = withScriptHashes(headers, html)
  return {
    answer: await pack(page.headers, Buffer.from(page.html)),
    data: data === undefined ? undefined : await pack(dataHeaders, Buffer.from(data)),
  }
}

async function pack(headers, bytes, lasts = 'data') {
  const own = headers['cache-control'] ?? ''
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 27)
  const compresses = bytes.length >= leastCompressedBytes && compressible.test(headers['content-type'] ?? '')
  const kept = Object.entries(headers).filter(([name]) => !dropped.has(name))
  const vary = [headers.vary, 'accept-encoding'].filter(Boolean).join(', ').toLowerCase()
  return {
    digest,
    headers: {
      ...Object.fromEntries(kept),
      'cache-control': own.includes('immutable') ? own : dataCaching,
      ...(compresses || headers.vary ? { vary: [...new Set(vary.split(/, */))].join(', ') } : {}),
    },
    encodings: compresses ? { gzip: await asGzip(bytes, { level: 6 }) } : { identity: bytes },
    brotliQuality: brotliQualities[lasts],
    brotli: undefined,
  }
}

/** Bytes that it takes in memory. */
export function sizeOf({ encodings }) {
  return Object.values(encodings).reduce((sum, bytes) => sum + bytes.length, 2000)
}

/**
 * What a request gets of a packed answer (RFC 9110, 13): as it can read it, or 304 where it has it.
 *
 * @param requested headers of the request
 * @param onPacked is told when a further encoding was made, which takes memory
 */
export async function answerFrom(packed, requested, onPacked = () => {}) {
  const encoding = encodingFor(packed, requested['accept-encoding'] ?? '', onPacked)
  const etag = `"${packed.digest}${encoding === 'identity' ? '' : `-${encoding}`}"`
  const headers = { ...packed.headers, etag }
  if (has(requested['if-none-match'], packed.digest)) return { status: 304, headers, body: undefined }
  const body = packed.encodings[encoding] ?? (await fromGzip(packed.encodings.gzip))
  headers['content-length'] = String(body.length)
  if (encoding !== 'identity') headers['content-encoding'] = encoding
  return { status: 200, headers, body }
}

/** The site's own answer to this reader, which is not kept: compressed where that helps. */
export async function answerOnce({ status, headers, body }, requested) {
  const rest = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)))
  const compresses = body.length >= leastCompressedBytes && compressible.test(headers['content-type'] ?? '')
  if (!compresses || !accepts(requested['accept-encoding'] ?? '', 'gzip'))
    return { status, headers: rest, body }
  const { etag: _, 'content-length': __, ...others } = rest
  const zipped = await asGzip(body, { level: 6 })
  return {
    status,
    headers: { ...others, 'content-encoding': 'gzip', 'content-length': String(zipped.length) },
    body: zipped,
  }
}

/** Brotli is made when the first reader who knows it comes; until it is there gzip serves. */
function encodingFor(packed, accepted, onPacked) {
  if (packed.encodings.gzip === undefined) return 'identity'
  if (accepts(accepted, 'br')) {
    packed.brotli ??= makeBrotli(packed, onPacked)
    if (packed.encodings.br !== undefined) return 'br'
  }
  return accepts(accepted, 'gzip') ? 'gzip' : 'identity'
}

/** RFC 9110, 12.5.3: whether the client reads an encoding; `*` is each that is not named. Brotli has to be named. */
function accepts(accepted, name) {
  const qualities = new Map(
    accepted.split(',').map((part) => {
      const [coding, quality = ''] = part.trim().toLowerCase().split(/ *; */)
      return [coding, quality]
    }),
  )
  const quality = qualities.get(name) ?? (name === 'gzip' ? qualities.get('*') : undefined)
  return quality !== undefined && !/^q=0(\.0*)?$/.test(quality)
}

async function makeBrotli(packed, onPacked) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: packed.brotliQuality }
  packed.encodings.br = await asBrotli(await fromGzip(packed.encodings.gzip), { params })
  onPacked()
}

/** Any encoding of the answer will do: it says the same. */
function has(known, digest) {
  if (known === undefined) return false
  return (
    known.trim() === '*' ||
    known.split(',').some((tag) => new RegExp(`^(W/)?"${digest}(-gzip|-br)?"$`).test(tag.trim()))
  )
}
