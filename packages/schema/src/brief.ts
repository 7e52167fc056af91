import { forbiddenCharacters } from './forbidden-characters.ts'

const forbidden = new RegExp(forbiddenCharacters, 'gu')

/** A text of somebody else's for a message: cut where it is long, without what a terminal would obey. */
export function brief(text: string): string {
  const plain = text.replaceAll(forbidden, '\ufffd')
  return plain.length > 60 ? `${plain.slice(0, 57)}...` : plain
}
