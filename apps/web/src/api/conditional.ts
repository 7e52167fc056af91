/** A strong ETag of something that has a name of its own, such as a digest. */
export function etagOf(name: string): string {
  return `"${name.replaceAll(/[^\w.-]/g, '-')}"`
}

/** RFC 9110, 13.1.2: the client has it already. */
export function notModified(headers: Headers, etag: string): boolean {
  const known = headers.get('if-none-match')
  if (known === null) return false
  return known.trim() === '*' || known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
