import type { z } from 'zod'
import { brief } from './brief.ts'
import { didYouMean } from './suggest.ts'

/** One thing that is wrong with a document. */
export interface Problem {
  /** Where, such as `model.exits[1].after`; `$` for the document itself. */
  readonly path: string
  /** What was expected and what was found, one sentence. */
  readonly message: string
  /** What to do, such as `did you mean "resnet"?`. */
  readonly hint?: string | undefined
}

/** `['model', 'exits', 1, 'after']` to `model.exits[1].after`. */
export function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '$'
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? String(part) : `.${String(part)}`))
    .join('')
}

/** How many problems of one document are told; nobody mends more at once. */
export const maximumProblems = 100

/**
 * Turns zod's issues into sentences that name what was expected, what was found, and the nearest right word: at most
 * `maximumProblems`, and then one more that says how many are left out.
 */
export function problemsFromIssues(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  input: unknown,
): Problem[] {
  const problems: Problem[] = []
  let more = 0
  for (const issue of issues) {
    const room = maximumProblems - problems.length
    more += Math.max(0, sizeOf(issue) - room)
    if (room > 0) problems.push(...problemsFromIssue(issue, schema, input, room))
  }
  return more === 0 ? problems : [...problems, { path: '$', message: `There are ${more} more problems.` }]
}

/** zod tells all unknown keys of one object in one issue. */
function sizeOf(issue: z.core.$ZodIssue): number {
  return issue.code === 'unrecognized_keys' ? issue.keys.length : 1
}

function problemsFromIssue(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  input: unknown,
  atMost: number,
): Problem[] {
  const path = formatPath(issue.path)
  const found = describe(valueAt(input, issue.path))
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysOf(schemaAt(schema, issue.path, input))
      return issue.keys.slice(0, atMost).map((key) => ({
        path: formatPath([...issue.path, brief(key)]),
        message: `There is no option "${brief(key)}" here.`,
        hint: suggestion(key, known),
      }))
    }
    case 'invalid_union': {
      const names = namesOf(schemaAt(schema, issue.path.slice(0, -1), input))
      if (names.length === 0) return [{ path, message: `${issue.message}; found ${found}.` }]
      const word = valueAt(input, issue.path)
      return [
        {
          path,
          message: `Expected one of ${list(names)}, found ${found}.`,
          hint: typeof word === 'string' ? suggestion(word, names) : undefined,
        },
      ]
    }
    case 'invalid_value': {
      const values = issue.values.map(String)
      const word = valueAt(input, issue.path)
      return [
        {
          path,
          message: `Expected ${issue.values.length === 1 ? '' : 'one of '}${list(values)}, found ${found}.`,
          hint: typeof word === 'string' ? suggestion(word, values) : undefined,
        },
      ]
    }
    case 'invalid_type':
      return [
        found === 'nothing'
          ? { path, message: `Missing: expected ${article(issue.expected)}.` }
          : { path, message: `Expected ${article(issue.expected)}, found ${found}.` },
      ]
    case 'too_small':
      return [
        {
          path,
          message: `Expected ${bound(issue.origin, 'at least', issue.minimum, issue.inclusive)}, found ${found}.`,
        },
      ]
    case 'too_big':
      return [
        {
          path,
          message: `Expected ${bound(issue.origin, 'at most', issue.maximum, issue.inclusive)}, found ${found}.`,
        },
      ]
    case 'custom': {
      const hint = issue.params?.hint
      return [{ path, message: issue.message, hint: typeof hint === 'string' ? hint : undefined }]
    }
    default:
      return [{ path, message: `${issue.message}; found ${found}.` }]
  }
}

function bound(origin: string, word: string, limit: number | bigint, inclusive?: boolean): string {
  const sized = origin === 'array' ? ' items' : origin === 'string' ? ' characters' : ''
  if (inclusive === false) return `a number ${word === 'at least' ? 'above' : 'below'} ${limit}`
  return `${sized === '' ? 'a number of ' : ''}${word} ${limit}${sized}`
}

function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const near = didYouMean(word, candidates)
  if (near !== undefined) return `Did you mean "${near}"?`
  return candidates.length > 0 ? `Known here: ${candidates.join(', ')}.` : undefined
}

function list(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ')
}

function article(type: string): string {
  if (type === 'int') return 'a whole number'
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

/** Shows a found value briefly; long ones are cut. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 1 ? 'a list of 1 item' : `a list of ${value.length} items`
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'number') return String(value)
  return brief(JSON.stringify(value) ?? String(value))
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<PropertyKey, unknown>)[part]
  }
  return value
}

/** The schema that governs `path`, following the input's own choice at every discriminated union. */
function schemaAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  input: unknown,
): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = schema
  for (let depth = 0; depth <= path.length && current; depth++) {
    current = chosenOption(unwrap(current), valueAt(input, path.slice(0, depth)))
    if (depth === path.length) return current
    const part = path[depth]
    const definition = definitionOf(current)
    if (definition?.type === 'object') {
      current = typeof part === 'string' ? definition.shape[part] : undefined
    } else if (definition?.type === 'array') {
      current = definition.element
    } else return undefined
  }
  return current
}

type Definition =
  | z.core.$ZodObjectDef
  | z.core.$ZodArrayDef
  | z.core.$ZodUnionDef
  | z.core.$ZodLiteralDef<string>
  | undefined

function definitionOf(schema: z.core.$ZodType | undefined): Definition {
  return schema?._zod.def as Definition
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let current = schema
  for (;;) {
    const definition = current._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType }
    const inner = definition.innerType ?? definition.in
    if (!inner) return current
    current = inner
  }
}

function optionName(option: z.core.$ZodType): string | undefined {
  const definition = definitionOf(unwrap(option))
  if (definition?.type !== 'object' || !definition.shape.name) return undefined
  const literal = definitionOf(unwrap(definition.shape.name))
  return literal?.type === 'literal' ? literal.values[0] : undefined
}

function chosenOption(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  const definition = definitionOf(schema)
  if (definition?.type !== 'union') return schema
  const name = valueAt(value, ['name'])
  const option = definition.options.find((candidate) => optionName(candidate) === name)
  return option ? unwrap(option) : schema
}

function keysOf(schema: z.core.$ZodType | undefined): string[] {
  const definition = definitionOf(schema)
  return definition?.type === 'object' ? Object.keys(definition.shape) : []
}

function namesOf(schema: z.core.$ZodType | undefined): string[] {
  const definition = definitionOf(schema)
  if (definition?.type !== 'union') return []
  return definition.options.map(optionName).filter((name) => name !== undefined)
}
