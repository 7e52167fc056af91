/**
 * The first line of what AWS says went wrong: for a signature that does not fit it goes on with the request, session
 * token and all. For the same reason what was thrown is not kept as a cause.
 */
export function reasonOf(thrown: unknown): string {
  const [first = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')
  return first.replace(/\.$/, '')
}

/** For everybody to read: without the numbers of accounts, and the names in them. */
export function withoutAccounts(text: string): string {
  return text.replace(/\barn:aws[\w-]*:[^\s,;'"()]*/g, 'ARN').replace(/\b\d{12}\b/g, 'ACCOUNT')
}
