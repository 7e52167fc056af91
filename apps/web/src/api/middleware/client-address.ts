import { isIP } from 'node:net'

/**
 * The client's address, for rate limits. Each proxy appends the address that it saw to `X-Forwarded-For`, and anybody
 * can send the header filled: so only as many entries are believed, from the right, as proxies stand in front.
 *
 * @returns `unknown` where no proxy is trusted: then all such clients share one allowance
 */
export function clientAddress(headers: Headers, trustedProxies: number): string {
  if (trustedProxies === 0) return 'unknown'
  const seen = (headers.get('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  const address = seen.at(-trustedProxies) ?? ''
  if (isIP(address) === 0) return 'unknown'
  return isIP(address) === 6 ? networkOf(address) : address
}

/** One client holds a whole /64 of IPv6. */
function networkOf(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::', 2)
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
