import { BenchError } from '@mate-bench/schema'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Canonical JSON by RFC 8785 (JCS): no white space, object keys sorted by UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Two documents with equal content have equal bytes.
 *
 * Members whose value is `undefined` are left out, as `JSON.stringify` does.
 * @throws BenchError `bad-input` for NaN, infinities, lone surrogates and anything that is not JSON
 */
export function canonicalJson(value: unknown, path = '$'): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(path, `${value} is not a JSON number`)
    return JSON.stringify(value)
  }
  if (typeof value === 'string') {
    if (!isWellFormed(value)) throw notJson(path, 'the string holds a lone surrogate')
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, i) => canonicalJson(item, `${path}[${i}]`)).join(',')}]`
  }
  if (typeof value === 'object' && isPlain(value)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => `${canonicalJson(key, path)}:${canonicalJson(member, `${path}.${key}`)}`)
    return `{${members.join(',')}}`
  }
  throw notJson(path, `a ${typeof value} is not JSON`)
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** `String.prototype.isWellFormed` is ES2024, which browsers and Node 20 have but the ES2023 types do not. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)
}

function notJson(path: string, message: string): BenchError {
  return new BenchError({ code: 'bad-input', message: `Can't write canonical JSON: ${message}.`, path })
}
