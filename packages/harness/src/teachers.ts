import { type MethodOptions, methodProblems, type TeacherReference, teachersOf } from '@mate-bench/methods'
import { canonicalJson } from '@mate-bench/provenance'
import { BenchError, type Problem } from '@mate-bench/schema'
import { digestSpec, type Spec } from './spec.ts'

/** How long a chain of teachers may be: the teacher of a teacher is 2. */
export const maximumTeacherDepth = 8

/** Where a spec names its teachers, in the order in which its method does. */
export function teacherPaths(method: MethodOptions): string[] {
  const references = teachersOf(method)
  return 'teachers' in method
    ? references.map((_, i) => `method.teachers[${i}]`)
    : references.map(() => 'method.teacher')
}

/**
 * The spec of a teacher that a parsed spec names, with those of its own teachers.
 * @throws BenchError `bad-spec` where it is none of those that travel with the spec; a parsed spec has them all
 */
export function teacherSpec(spec: Spec, { specDigest }: TeacherReference): Spec {
  const known = knownSpecs(spec)
  const found = known.get(specDigest ?? '')
  if (found) return withTeachers(found, known)
  throw new BenchError({
    code: 'bad-spec',
    message: `The spec "${spec.name}" names a teacher that did not come with it: ${specDigest}.`,
    path: 'method.teacher',
  })
}

/** The specs of the method's own teachers, in the order in which it names them. */
export function teacherSpecsOf(spec: Spec): Spec[] {
  return teachersOf(spec.method).map((reference) => teacherSpec(spec, reference))
}

/** Every spec that must be trained before this one, each once, teachers before those whom they teach. */
export function teacherChain(spec: Spec): Spec[] {
  const known = knownSpecs(spec)
  return chainOf(spec, known).map((teacher) => withTeachers(teacher, known))
}

/** Specs that travel with another, by digest; sound, and with all defaults. */
function knownSpecs({ teacherSpecs = [] }: Spec): ReadonlyMap<string, Spec> {
  return new Map((teacherSpecs as Spec[]).map((teacher) => [digestSpec(teacher), teacher]))
}

/** Teachers of teachers first, each once; those that are not known are passed over. */
function chainOf(spec: Spec, known: ReadonlyMap<string, Spec>): Spec[] {
  const chain = new Map<string, Spec>()
  for (const { specDigest = '' } of teachersOf(spec.method)) {
    const teacher = known.get(specDigest)
    if (!teacher) continue
    for (const one of [...chainOf(teacher, known), teacher]) chain.set(digestSpec(one), one)
  }
  return [...chain.values()]
}

/** A spec with those that it needs, and no others; they are sound and have all defaults. */
function withTeachers(spec: Spec, known: ReadonlyMap<string, Spec>): Spec {
  const { teacherSpecs: _, ...rest } = spec
  const chain = chainOf(spec, known)
  return chain.length === 0 ? rest : { ...rest, teacherSpecs: chain }
}

/**
 * Settles what a spec says of its teachers: those that travel with it are parsed, those that nobody names are dropped, the
 * rest stands in one order, so that equal specs are equal documents.
 *
 * @param spec sound in itself
 * @param parseOne parses a spec without looking at its teachers
 */
export function settleTeachers(
  spec: Spec,
  parseOne: (document: unknown) => { spec: Spec } | { problems: readonly Problem[] },
): { spec: Spec; problems: Problem[] } {
  const known = new Map<string, Spec>()
  const problems: Problem[] = []
  if (teachersOf(spec.method).length === 0) {
    const own = withTeachers(spec, known)
    return { spec: own, problems: methodProblems(spec.method, spec.model.exits.length, []) }
  }
  for (const [i, document] of (spec.teacherSpecs ?? []).entries()) {
    const parsed = parseOne(document)
    if ('spec' in parsed) {
      const { $schema: _, teacherSpecs: __, ...teacher } = parsed.spec
      known.set(digestSpec(teacher), teacher)
    } else
      problems.push(...parsed.problems.map((one) => ({ ...one, path: `teacherSpecs[${i}].${one.path}` })))
  }
  if (problems.length > 0) return { spec, problems }
  const depth = chainDepth(spec, known)
  if (depth > maximumTeacherDepth) return { spec, problems: [tooDeep(depth)] }
  problems.push(...referenceProblems(spec, known, ''))
  for (const teacher of chainOf(spec, known)) {
    problems.push(...referenceProblems(teacher, known, `teacherSpecs(${teacher.name}).`))
  }
  return { spec: withTeachers(spec, known), problems }
}

/** What is wrong with the teachers that one spec names. */
function referenceProblems(spec: Spec, known: ReadonlyMap<string, Spec>, prefix: string): Problem[] {
  const paths = teacherPaths(spec.method)
  const references = teachersOf(spec.method)
  const found = references.map(({ specDigest = '', spec: path }) =>
    path === undefined ? known.get(specDigest) : undefined,
  )
  const problems = references.flatMap(({ specDigest, spec: path }, i) => {
    const at = `${prefix}${paths[i] ?? 'method'}`
    const teacher = found[i]
    return teacher ? teacherProblems(spec, teacher, at) : [missingProblem(at, path, specDigest)]
  })
  if (problems.length > 0) return problems
  const exits = found.map((teacher) => teacher?.model.exits.length ?? 0)
  return methodProblems(spec.method, spec.model.exits.length, exits).map((problem) => ({
    ...problem,
    path: `${prefix}${problem.path}`,
  }))
}

/** Counts no further than to what is too much. */
function chainDepth(spec: Spec, known: ReadonlyMap<string, Spec>, above = 0): number {
  const teachers = teachersOf(spec.method).flatMap(({ specDigest = '' }) => known.get(specDigest) ?? [])
  if (teachers.length === 0 || above > maximumTeacherDepth) return above
  return Math.max(...teachers.map((teacher) => chainDepth(teacher, known, above + 1)))
}

function missingProblem(at: string, path: string | undefined, specDigest: string | undefined): Problem {
  if (path !== undefined) {
    return {
      path: `${at}.spec`,
      message: `The path ${path} means nothing here: only a spec file can name its teacher by one.`,
      hint: 'Submit the file with `mate-bench submit`, which reads the teacher too, or name it by specDigest and add its spec to teacherSpecs.',
    }
  }
  if (specDigest === undefined) {
    return {
      path: at,
      message: 'It names no teacher.',
      hint: 'Name it by { "spec": PATH } in a spec file, or by { "specDigest": DIGEST }.',
    }
  }
  return {
    path: `${at}.specDigest`,
    message: `No spec with the digest ${specDigest} was found.`,
    hint: 'Name the teacher by { "spec": PATH }, keep its spec in the same folder, or add it to teacherSpecs.',
  }
}

function tooDeep(depth: number): Problem {
  return {
    path: 'method',
    message: `The chain of teachers has at least ${depth} links; at most ${maximumTeacherDepth} are allowed.`,
    hint: 'Leave out some of the assistants between the first teacher and the student.',
  }
}

/** Why a network can't be taught by another. */
function teacherProblems(spec: Spec, teacher: Spec, at: string): Problem[] {
  const problems: Problem[] = []
  if (canonicalJson(teacher.dataset) !== canonicalJson(spec.dataset)) {
    const differ = teacher.dataset.name === spec.dataset.name ? 'other images of it' : 'another dataset'
    problems.push({
      path: at,
      message: `The teacher "${teacher.name}" is trained on ${differ} (${teacher.dataset.name}; the student: ${spec.dataset.name}).`,
      hint: 'Both need the same section "dataset": the same classes, and no validation image of the student seen by the teacher.',
    })
  }
  const missing = spec.seeds.filter((seed) => !teacher.seeds.includes(seed))
  if (missing.length > 0) {
    problems.push({
      path: at,
      message: `The teacher "${teacher.name}" has no run with the ${missing.length === 1 ? 'seed' : 'seeds'} ${missing.join(', ')}.`,
      hint: "Each seed of the student learns from the teacher's run of the same seed: add it to the teacher's seeds.",
    })
  }
  return problems
}
