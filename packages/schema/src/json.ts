import { type ParseError, parseTree } from 'jsonc-parser'
import { brief } from './brief.ts'
import { BenchError } from './errors.ts'

export interface JsonLimits {
  maximumBytes: number
  maximumDepth: number
}

/** What a hand-written document may be at most; far above any real spec. */
export const documentLimits: JsonLimits = { maximumBytes: 1_000_000, maximumDepth: 32 }

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Parses JSON from an untrusted source: bounded in size and depth, without the keys that reach an object's
 * prototype and without repeated keys (which parsers resolve in different ways).
 *
 * @param source name of the file or field, for messages
 * @throws BenchError `bad-input` that says line, column and what to do
 */
export function parseJson(text: string, source: string, limits: JsonLimits = documentLimits): unknown {
  const bytes = new TextEncoder().encode(text).length
  if (bytes > limits.maximumBytes) {
    throw refuse(
      source,
      `is ${bytes} bytes long, more than the ${limits.maximumBytes} that are accepted`,
      'Check that it is the right file.',
    )
  }
  checkStructure(text, source, limits.maximumDepth)
  try {
    return JSON.parse(text) as unknown
  } catch (thrown) {
    throw syntaxError(text, source, thrown)
  }
}

/** One pass over the text before it is parsed: depth, forbidden keys, repeated keys. */
function checkStructure(text: string, source: string, maximumDepth: number): void {
  const open: { keys: Set<string> | undefined; expectKey: boolean }[] = []
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    const top = open.at(-1)
    if (character === '{' || character === '[') {
      open.push({ keys: character === '{' ? new Set() : undefined, expectKey: character === '{' })
      if (open.length > maximumDepth) {
        throw refuse(
          source,
          `nests deeper than ${maximumDepth} levels ${at(text, i)}`,
          'Check the brackets there.',
        )
      }
    } else if (character === '}' || character === ']') {
      open.pop()
    } else if (character === ',' && top?.keys) {
      top.expectKey = true
    } else if (character === '"') {
      const end = endOfString(text, i)
      if (top?.keys && top.expectKey) {
        checkKey(decodeString(text.slice(i, end + 1)), top.keys, source, () => at(text, i))
        top.expectKey = false
      }
      i = end
    }
  }
}

/** @param where told only of a key that is refused: finding a line reads all of the text before it */
function checkKey(key: string, seen: Set<string>, source: string, where: () => string): void {
  if (forbiddenKeys.has(key))
    throw refuse(source, `holds the key "${key}" ${where()}, which is not allowed`, 'Remove this key.')
  if (seen.has(key))
    throw refuse(
      source,
      `holds the key "${brief(key)}" twice in one object ${where()}`,
      'Keep one of the two.',
    )
  seen.add(key)
}

function endOfString(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

/** A malformed string decodes to itself: `JSON.parse` reports it properly afterwards. */
function decodeString(literal: string): string {
  try {
    return JSON.parse(literal) as string
  } catch {
    return literal
  }
}

function syntaxError(text: string, source: string, thrown: unknown): BenchError {
  // The engine's own message has no position on every Node version; a tolerant parser finds the first fault.
  const errors: ParseError[] = []
  parseTree(text, errors, { disallowComments: true })
  const where = at(text, errors[0]?.offset ?? text.length)
  const hints: string[] = []
  if (/\bNaN\b|\bInfinity\b/.test(text)) hints.push('JSON has no NaN or Infinity: write a finite number')
  if (/,\s*[}\]]/.test(text)) hints.push('take out the comma before the closing bracket')
  if (/(^|\s)\/\/|\/\*/.test(text)) hints.push('JSON has no comments')
  return new BenchError({
    code: 'bad-input',
    message: `${source} is not valid JSON ${where}.`,
    path: source,
    hint: hints.length > 0 ? `${hints.join('; ')}.` : 'Check quotes, commas and brackets there.',
    cause: thrown,
  })
}

function at(text: string, index: number): string {
  const before = text.slice(0, index).split('\n')
  return `at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

function refuse(source: string, problem: string, hint: string): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${source} ${problem}.`,
    path: source,
    hint,
  })
}
