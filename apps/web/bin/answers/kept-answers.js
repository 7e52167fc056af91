import { createVersionWatch } from './data-version.js'
import { keptFor } from './kept-paths.js'
import { answerFrom, answerOnce, packAnswer, sizeOf } from './packed-answer.js'
import { pageDataAt } from './page-data.js'

/** How long a version is believed before it is asked for again. */
const freshMilliseconds = 1000
/** How much longer an answer is given while the next is being made; then its readers wait for that. */
const staleMilliseconds = 500
const mostBytes = 128 * 1024 * 1024

/**
 * Answers that everybody is given alike, made once a version of the data. They are asked for without anything of the reader's: no cookie,
 * no language, no address can get into them.
 *
 * @param ask makes an answer: takes path and query, gives status, headers and body
 * @param behindReader whether work may go on after an answer was given; a Lambda function is stopped then
 */
export function createKeptAnswers(ask, { behindReader, now = () => performance.now(), most = mostBytes }) {
  const kept = new Map()
  const making = new Map()
  let bytes = 0
  const watch = createVersionWatch(askVersion, { freshMilliseconds, now })

  async function askVersion() {
    const { status, body } = await ask('/api/v1/version')
    if (status !== 200) throw new Error('the database does not say its version')
    return JSON.parse(body.toString('utf8')).version
  }

  /** Asked for last: forgotten last. */
  function touch(url, answer) {
    kept.delete(url)
    kept.set(url, answer)
  }

  function forget(url) {
    const found = kept.get(url)
    if (!found) return
    bytes -= found.size
    kept.delete(url)
  }

  function keep(url, answer) {
    forget(url)
    answer.size = [answer.packed, ...answer.data].reduce((sum, packed) => sum + sizeOf(packed), 0)
    if (answer.size > most / 4) return
    bytes += answer.size
    kept.set(url, answer)
    for (const oldest of kept.keys()) {
      if (bytes <= most) break
      forget(oldest)
    }
  }

  /** After an encoding was added to it. */
  function weighAgain(url, answer) {
    if (kept.get(url) === answer) keep(url, answer)
  }

  /** A packed answer, or the site's own where that can't be kept. One at a time of each address. */
  function make(url, lifetime) {
    const found = making.get(url)
    if (found) return found
    const made = makeNow(url, lifetime).finally(() => making.delete(url))
    making.set(url, made)
    return made
  }

  async function makeNow(url, lifetime) {
    // Before the page: what it shows is of this version or a later one.
    const version = lifetime === 'build' ? 'build' : await watch.check().catch(() => undefined)
    const found = kept.get(url)
    if (found && found.version === version && kept.get(url) === found) {
      touch(url, found)
      return found
    }
    const own = await ask(url)
    const made = version === undefined ? undefined : await packAnswer(own, url)
    if (!made) {
      forget(url)
      return { own }
    }
    // What a change left as it was keeps the encodings that it has.
    const before = found ? [found.packed, ...found.data] : []
    const [packed, latest] = [made.answer, made.data].map(
      (one) => before.find((old) => old.digest === one?.digest) ?? one,
    )
    // The latest first. Who was given the page before this one may not have asked for its data yet.
    const earlier = found?.data.find((old) => old !== latest)
    const answer = { version, packed, data: [latest, earlier].filter(Boolean), size: 0 }
    keep(url, answer)
    return answer
  }

  function ageOf({ version }) {
    return version === 'build' ? 0 : watch.ageOf(version)
  }

  /** What React needs of a page; of the latest where that of the digest is forgotten, which React makes good. */
  async function dataAnswer({ digest, page }, headers) {
    const lifetime = keptFor({ method: 'GET', url: page, headers: {} })
    if (lifetime !== 'data') return undefined
    const ofDigest = (answer) => answer?.data?.find((data) => data.digest === digest)
    const present = kept.get(page)
    if (ofDigest(present)) touch(page, present)
    const answer = ofDigest(present) ? present : await make(page, lifetime)
    const data = ofDigest(answer) ?? answer.data?.[0]
    if (!data) return undefined
    const given = await answerFrom(data, headers, () => weighAgain(page, answer))
    if (data.digest !== digest) given.headers['cache-control'] = 'no-store'
    return given
  }

  /**
   * @param request method, url (path and query) and headers by their lower-case names
   * @returns status, headers and body; undefined for a request that the site answers itself
   */
  return async function answer(request) {
    const lifetime = keptFor(request)
    if (lifetime === undefined) return undefined
    const { url, headers } = request
    const pageData = pageDataAt(url)
    if (pageData) return await dataAnswer(pageData, headers)
    let found = kept.get(url)
    const age = found ? ageOf(found) : Infinity
    if (found && age < freshMilliseconds) {
      touch(url, found)
    } else if (found && behindReader && age < freshMilliseconds + staleMilliseconds) {
      make(url, lifetime).catch(() => {})
    } else {
      found = await make(url, lifetime)
    }
    if (found.own) return await answerOnce(found.own, headers)
    return await answerFrom(found.packed, headers, () => weighAgain(url, found))
  }
}
