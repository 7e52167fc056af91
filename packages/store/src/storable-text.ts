/**
 * A text as Postgres takes it, which refuses NUL: what is said of a damaged file quotes its bytes, and a refused word about
 * how a run ended would have it trained again.
 */
export function storableText(text: string): string {
  return text.replaceAll('\0', '␀')
}
