/**
 * Tells who runs the server what went wrong inside; visitors are told that it did, and no more. Messages of the store
 * name no password; what was asked, and tokens with it, is not repeated.
 */
export function reportFault(thrown: unknown): void {
  console.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown))
}
