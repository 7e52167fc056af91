const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that anybody may have written, for XML: as content or in an attribute. */
export function escapeXml(text: string): string {
  // Control characters are not allowed in XML at all, not even escaped.
  return text.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
}
