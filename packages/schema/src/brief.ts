/** A text of somebody else's for a message: cut where it is long. */
export function brief(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
