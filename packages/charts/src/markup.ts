const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** For text and for quoted attribute values. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '')
}

/** A hundredth is enough, and keeps the drawing small. */
export function short(value: number): number {
  return Math.round(value * 100) / 100
}
