import { isIP } from 'node:net'

/** What is believed about where a request comes from: anybody can send any header, a proxy in front replaces it. */
export type TrustedProxy =
  | { readonly kind: 'none' }
  /** So many proxies append the address that they saw to `X-Forwarded-For`. */
  | { readonly kind: 'forwarded-for'; readonly proxies: number }
  /** The proxy puts the client's address alone into this header, whatever came in it. */
  | { readonly kind: 'header'; readonly name: string }

/**
 * The client's address, for rate limits; an IPv6 client is its /64, since it holds all of that.
 *
 * @returns undefined where no proxy is trusted, or the trusted one says no address
 */
export function clientAddress(headers: Headers, trusted: TrustedProxy): string | undefined {
  const address = claimedAddress(headers, trusted)?.trim() ?? ''
  const version = isIP(address)
  if (version === 0) return undefined
  if (version === 4) return address
  const groups = groupsOf(address)
  const mapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff'
  return mapped ? dotted(groups) : `${groups.slice(0, 4).join(':')}::/64`
}

function claimedAddress(headers: Headers, trusted: TrustedProxy): string | undefined {
  switch (trusted.kind) {
    case 'none':
      return undefined
    case 'forwarded-for':
      // Left of what the trusted proxies appended stands what the client sent.
      return headers.get('x-forwarded-for')?.split(',').at(-trusted.proxies)
    case 'header':
      return headers.get(trusted.name) ?? undefined
  }
}

/** All eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [plain = ''] = address.toLowerCase().split('%', 1)
  const [head = '', tail] = plain.replace(/[\d.]+$/, asGroups).split('::', 2)
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].map((group) =>
    Number.parseInt(group, 16).toString(16),
  )
}

/** `192.0.2.1` at the end of an IPv6 address, as two groups. */
function asGroups(end: string): string {
  if (!end.includes('.')) return end
  const [a = 0, b = 0, c = 0, d = 0] = end.split('.').map(Number)
  return `${(256 * a + b).toString(16)}:${(256 * c + d).toString(16)}`
}

/** The last two groups of an IPv6 address as IPv4. */
function dotted(groups: readonly string[]): string {
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.')
}
