import { readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { BenchError, checkTexts, decodeUtf8, maximumTeacherSpecs, parseJson } from '@mate-bench/schema'
import { maximumBytes, readBounded } from './read-bounded.ts'
import { digestSpec, type OtherImages, parseSpec, type Spec } from './spec.ts'
import { maximumTeacherDepth } from './teachers.ts'

/**
 * Reads a spec file, and those of its teachers: a teacher that is named by a path (relative to the file) or by a digest (of
 * a spec in the same folder) comes with the spec. A byte order mark, which some editors write, is passed over.
 *
 * @param other images that the network must fit instead of the dataset's
 * @throws BenchError `not-found` for a path without a file, `bad-input` and `bad-spec` for what is in it
 */
export function readSpec(path: string, other: OtherImages = {}): Spec {
  return readWithTeachers(path, other, [])
}

/** @param above files whose teacher it is, directly or not, the student's first */
function readWithTeachers(path: string, other: OtherImages, above: readonly string[]): Spec {
  const document = readDocument(path)
  const method = memberOf(document, 'method')
  const references = referencesIn(method)
  if (references.length === 0) return parseSpec(document, path, other)
  const chain = [...above, resolve(path)]
  const known = arrayOf(memberOf(document, 'teacherSpecs'))
  const found: Spec[] = []
  const replaced = references.map(({ reference, at }) => {
    const teacher = readTeacher(reference, { path, at, other, chain, known })
    if (!teacher) return reference
    found.push(teacher)
    const { spec: _, ...rest } = reference
    return { ...rest, specDigest: digestSpec(teacher) }
  })
  const teacherSpecs = [
    ...known,
    ...found.flatMap(({ $schema: _, teacherSpecs: theirs = [], ...own }) => [...theirs, own]),
  ]
  const withReferences = {
    ...(document as object),
    method: withReplaced(method, replaced),
    ...(teacherSpecs.length > 0 ? { teacherSpecs: distinct(teacherSpecs) } : {}),
  }
  return parseSpec(withReferences, path, other)
}

/** What a document looks like that was read and not parsed yet. */
type Raw = Readonly<Record<string, unknown>>

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The teachers that the method of a document names, as far as they look like any. */
function referencesIn(method: unknown): { reference: Raw; at: string }[] {
  const named = [
    { value: memberOf(method, 'teacher'), at: 'method.teacher' },
    ...arrayOf(memberOf(method, 'teachers')).map((value, i) => ({ value, at: `method.teachers[${i}]` })),
  ]
  return named.flatMap(({ value, at }) =>
    typeof value === 'object' && value !== null ? [{ reference: value as Raw, at }] : [],
  )
}

function withReplaced(method: unknown, replaced: readonly unknown[]): unknown {
  const isSingle = memberOf(method, 'teacher') !== undefined
  return { ...(method as object), ...(isSingle ? { teacher: replaced[0] } : { teachers: replaced }) }
}

interface Place {
  /** The file that names the teacher, and where in it. */
  readonly path: string
  readonly at: string
  readonly other: OtherImages
  readonly chain: readonly string[]
  /** Specs that the file brings itself. */
  readonly known: readonly unknown[]
}

/** The teacher's spec; undefined where the reference is left for `parseSpec` to settle or to refuse. */
function readTeacher(reference: Raw, place: Place): Spec | undefined {
  const { spec, specDigest } = reference
  if (typeof spec === 'string') {
    if (specDigest !== undefined) throw ambiguous(place)
    return readTeacherFile(spec, place)
  }
  if (typeof specDigest !== 'string' || place.known.length > 0) return undefined
  return findByDigest(specDigest, place)
}

function readTeacherFile(spec: string, { path, at, other, chain }: Place): Spec {
  const file = resolve(dirname(path), spec)
  if (chain.includes(file)) {
    const names = [...chain.slice(chain.indexOf(file)), file].map((one) => relative(dirname(path), one))
    throw new BenchError({
      code: 'bad-spec',
      message: `A spec can't be its own teacher: ${names.join(' is taught by ')}.`,
      path: `${at}.spec`,
      hint: 'Let one of them name another teacher, or use a method without one.',
    })
  }
  if (chain.length > maximumTeacherDepth) {
    throw new BenchError({
      code: 'bad-spec',
      message: `The chain of teachers is longer than ${maximumTeacherDepth}.`,
      path: `${at}.spec`,
      hint: 'Leave out some of the assistants between the first teacher and the student.',
    })
  }
  try {
    return readWithTeachers(file, other, chain)
  } catch (thrown) {
    if (!(thrown instanceof BenchError && thrown.code === 'not-found')) throw thrown
    throw new BenchError({
      code: 'not-found',
      message: `${path} names a teacher that is not there: ${file}`,
      path: `${at}.spec`,
      hint: 'The path is relative to the file that names it.',
      cause: thrown,
    })
  }
}

/** Most files of a folder that are looked at. */
const maximumNeighbours = 500

/** A spec with that digest in the folder of the file that names it. */
function findByDigest(specDigest: string, { path, other, chain }: Place): Spec | undefined {
  const folder = dirname(path)
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  for (const name of names.slice(0, maximumNeighbours)) {
    const file = join(folder, name)
    if (chain.includes(resolve(file))) continue
    try {
      const spec = readWithTeachers(file, other, chain)
      if (digestSpec(spec) === specDigest) return spec
    } catch (thrown) {
      // A neighbour that is no spec is no reason to refuse this one.
      if (!(thrown instanceof BenchError)) throw thrown
    }
  }
  return undefined
}

function ambiguous({ at }: Place): BenchError {
  return new BenchError({
    code: 'bad-spec',
    message: 'The teacher is named by a path and by a digest.',
    path: at,
    hint: 'Give "spec" or "specDigest", not both.',
  })
}

function distinct(documents: readonly unknown[]): unknown[] {
  const byText = new Map(documents.map((document) => [JSON.stringify(document), document]))
  return [...byText.values()].slice(0, maximumTeacherSpecs + 1)
}

function readDocument(path: string): unknown {
  const document = parseJson(decodeUtf8(readSpecBytes(path), path), path)
  checkTexts(document, path)
  return document
}

function readSpecBytes(path: string): Uint8Array {
  try {
    return readBounded(path, maximumBytes.spec)
  } catch (thrown) {
    if (thrown instanceof BenchError && thrown.code !== 'not-found') throw thrown
    throw new BenchError({
      code: 'not-found',
      message: `There is no spec file ${path}.`,
      path,
      hint: 'The specs that ship are in bench-specs/, such as bench-specs/quickstart/mate.json.',
      cause: thrown,
    })
  }
}
