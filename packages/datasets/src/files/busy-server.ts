/** Answers of a server, or of what stands before it, that may be another one a moment later. */
const busyStatuses = new Set([408, 425, 429, 500, 502, 503, 504])
/** Longer pauses that a server asks for are the user's to make. */
const mostPauseMilliseconds = 60_000

/**
 * How long to wait before a server is asked once more: what it asks for in `Retry-After` (RFC 9110, section 10.2.3), else
 * one second, two, four.
 *
 * @param asked how often it was asked so far, 1 for the first time
 * @param most how often it may be asked in all
 * @returns milliseconds; undefined where there is no sense in asking again
 */
export function pauseBeforeAskingAgain(
  response: Pick<Response, 'status' | 'headers'>,
  asked: number,
  most = 4,
): number | undefined {
  if (!busyStatuses.has(response.status) || asked >= most) return undefined
  const wished = retryAfter(response.headers.get('retry-after'))
  if (wished === undefined) return 1000 * 2 ** (asked - 1)
  return wished <= mostPauseMilliseconds ? wished : undefined
}

/** Seconds, or a date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header)) return 1000 * Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
