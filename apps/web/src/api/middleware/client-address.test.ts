import { describe, expect, it } from 'vitest'
import { trustedProxyFromEnvironment } from '../limits.ts'
import { clientAddress } from './client-address.ts'

const behind = (proxies: number, forwarded: string) =>
  clientAddress(new Headers({ 'x-forwarded-for': forwarded }), { kind: 'forwarded-for', proxies })

describe('the address of a client', () => {
  it('is not known where no proxy is trusted, whatever the client says', () => {
    const headers = new Headers({ 'x-forwarded-for': '198.51.100.1', 'x-client-address': '198.51.100.1' })
    expect(clientAddress(headers, { kind: 'none' })).toBeUndefined()
  })

  it('is what the outermost of the trusted proxies saw', () => {
    expect(behind(1, '198.51.100.1, 203.0.113.7')).toBe('203.0.113.7')
    expect(behind(2, '198.51.100.1, 203.0.113.7')).toBe('198.51.100.1')
    expect(behind(2, '203.0.113.7')).toBeUndefined()
    expect(behind(1, "'; drop table")).toBeUndefined()
    expect(clientAddress(new Headers(), { kind: 'forwarded-for', proxies: 1 })).toBeUndefined()
  })

  it('is what the proxy puts into a header of its own, and nothing else', () => {
    const trusted = { kind: 'header', name: 'x-client-address' } as const
    const address = (headers: Record<string, string>) => clientAddress(new Headers(headers), trusted)
    expect(address({ 'x-client-address': '203.0.113.7', 'x-forwarded-for': '198.51.100.1' })).toBe(
      '203.0.113.7',
    )
    expect(address({ 'x-forwarded-for': '198.51.100.1' })).toBeUndefined()
    // Two of them were not both set by the proxy.
    expect(address({ 'x-client-address': '198.51.100.1, 203.0.113.7' })).toBeUndefined()
  })

  it('is a whole /64 of IPv6, which one client holds', () => {
    expect(behind(1, '2001:db8:1:2:3:4:5:6')).toBe(behind(1, '2001:DB8:1:2::9'))
    expect(behind(1, '2001:db8::1')).not.toBe(behind(1, '2001:db8:0:1::1'))
    expect(behind(1, 'fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  })

  it('is the IPv4 address that IPv6 wraps', () => {
    for (const wrapped of ['::ffff:203.0.113.7', '::FFFF:cb00:7107', '0:0:0:0:0:ffff:203.0.113.7']) {
      expect(behind(1, wrapped)).toBe('203.0.113.7')
    }
    expect(behind(1, '::ffff:203.0.113.8')).not.toBe(behind(1, '::ffff:203.0.113.7'))
  })
})

describe('TRUSTED_PROXY', () => {
  it.each([
    [undefined, { kind: 'none' }],
    ['0', { kind: 'none' }],
    ['2', { kind: 'forwarded-for', proxies: 2 }],
    [' X-Client-Address ', { kind: 'header', name: 'x-client-address' }],
  ])('that is %j is understood', (value, expected) => {
    expect(trustedProxyFromEnvironment({ TRUSTED_PROXY: value })).toEqual(expected)
  })

  it.each(['-1', '1.5', '10', '1 proxy', 'x_client:address'])('that is %j is refused', (value) => {
    expect(() => trustedProxyFromEnvironment({ TRUSTED_PROXY: value })).toThrow(
      expect.objectContaining({ code: 'bad-input', path: 'TRUSTED_PROXY' }),
    )
  })
})
