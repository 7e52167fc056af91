import { BenchError } from './errors.ts'
import { forbiddenCharacters } from './forbidden-characters.ts'
import { formatPath, type Problem } from './problems.ts'

const names: Readonly<Record<string, string>> = {
  0: 'NUL',
  7: 'bell',
  8: 'backspace',
  9: 'tab',
  10: 'line feed',
  13: 'carriage return',
  27: 'escape',
  127: 'delete',
  8232: 'line separator',
  8233: 'paragraph separator',
  65279: 'byte order mark',
}

/** A text of several lines may be broken and indented. */
const layout = /[\n\t]/g

/**
 * What is wrong with a text, as the rest of a sentence; undefined where it is plain.
 * @param lines whether line feeds and tabs are part of it
 */
export function textFault(text: string, lines = false): string | undefined {
  // Blanked, not cut out, so that positions stay.
  const found = forbiddenCharacters.exec(lines ? text.replaceAll(layout, ' ') : text)
  if (!found) return undefined
  const code = found[0].codePointAt(0) ?? 0
  const hex = code.toString(16).toUpperCase().padStart(4, '0')
  const name = names[code] ?? nameOf(code)
  const position = [...text.slice(0, found.index)].length + 1
  return `holds U+${hex} (${name}) at character ${position}`
}

function nameOf(code: number): string {
  if (code >= 0xd800 && code <= 0xdfff) return 'half of a surrogate pair'
  if (code >= 0x202a && code <= 0x2069) return 'bidirectional control'
  return code > 0xffff || code >= 0xfff9 ? 'annotation mark' : 'control character'
}

/** Where a document may have text of several lines. */
const multiline = new Set(['description'])

const faultsAtMost = 20

/**
 * Holds every text and every name of a parsed document to plain characters.
 *
 * @throws BenchError `bad-input` that names path, character and position of each
 */
export function checkTexts(document: unknown, source: string): void {
  const problems: Problem[] = []
  const visit = (value: unknown, path: readonly PropertyKey[]) => {
    if (problems.length >= faultsAtMost) return
    if (typeof value === 'string') {
      const fault = textFault(value, multiline.has(String(path.at(-1))))
      if (fault !== undefined) problems.push({ path: formatPath(path), message: `The text ${fault}.` })
    } else if (Array.isArray(value)) {
      value.forEach((member, i) => {
        visit(member, [...path, i])
      })
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        const fault = textFault(key)
        if (fault !== undefined) problems.push({ path: formatPath(path), message: `A name in it ${fault}.` })
        else visit(member, [...path, key])
      }
    }
  }
  visit(document, [])
  const [first] = problems
  if (!first) return
  throw new BenchError({
    code: 'bad-input',
    message: `${source} holds characters that are not accepted.`,
    path: problems.length === 1 ? first.path : source,
    hint: 'Write plain text: no control characters, terminal escapes or marks that change the direction of text.',
    problems,
  })
}

/**
 * Bytes as text.
 * @throws BenchError `bad-input` that says where they are not UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, source: string, { keepMark = false } = {}): string {
  try {
    return decoder(keepMark).decode(bytes)
  } catch (thrown) {
    const position = firstFault(bytes)
    throw new BenchError({
      code: 'bad-input',
      message: `${source} is not text in UTF-8: byte ${position + 1} begins no character.`,
      path: source,
      hint: 'Save it again with the encoding UTF-8.',
      cause: thrown,
    })
  }
}

/** @param keepMark whether a byte order mark is part of the text: some editors write one */
function decoder(keepMark: boolean): TextDecoder {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: keepMark })
}

/** Position of the first character that can't be read, or that is not whole at the end. */
function firstFault(bytes: Uint8Array): number {
  let whole = ''
  let least = 0
  let most = bytes.length + 1
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2)
    const text = textUpTo(bytes.subarray(0, middle))
    if (text === undefined) most = middle
    else {
      least = middle
      whole = text
    }
  }
  return new TextEncoder().encode(whole).length
}

/** What is whole of the beginning of a text; undefined where something in it can't be read. */
function textUpTo(bytes: Uint8Array): string | undefined {
  try {
    return decoder(true).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
}
