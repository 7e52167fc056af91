import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { planSpec } from './plan.ts'
import { readSpec } from './read-spec.ts'
import { digestSpec, parseSpec } from './spec.ts'
import { teacherChain, teacherSpecsOf } from './teachers.ts'

const folder = mkdtempSync(join(tmpdir(), 'teachers-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A spec of the network's width, as a file would hold it. */
function specOf(name: string, width: number, method: unknown, changes: Record<string, unknown> = {}) {
  return {
    schemaVersion: 1,
    name,
    dataset: { name: 'fashion-mnist-mini' },
    model: {
      backbone: { name: 'resnet', depth: 8, width },
      exits: [{ after: 'stage2' }, { after: 'stage3' }],
      head: { name: 'linear' },
    },
    method,
    training: {
      epochs: 1,
      batchSize: 100,
      optimizer: { name: 'sgd', learningRate: 0.1 },
      schedule: { name: 'constant' },
    },
    evaluation: {},
    seeds: [1, 2],
    ...changes,
  }
}

function write(file: string, spec: unknown): string {
  const path = join(folder, file)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, JSON.stringify(spec))
  return path
}

const taughtBy = (spec: string) => ({ name: 'takd', teacher: { spec } })

write('large.json', specOf('large', 8, { name: 'joint' }))
write('middle.json', specOf('middle', 6, taughtBy('large.json')))
const small = write('small.json', specOf('small', 4, taughtBy('./middle.json')))
const dense = write(
  'students/dense.json',
  specOf('dense', 4, {
    name: 'dgkd',
    teachers: [{ spec: '../large.json' }, { spec: '../middle.json' }],
  }),
)

it('names a teacher by its digest, and brings the specs of the whole chain along', () => {
  const spec = readSpec(small)
  const [middle] = teacherSpecsOf(spec)
  expect(spec.method).toMatchObject({
    teacher: { specDigest: digestSpec(readSpec(join(folder, 'middle.json'))), seed: 'same' },
  })
  expect(middle?.name).toBe('middle')
  expect(teacherChain(spec).map(({ name }) => name)).toEqual(['large', 'middle'])
  expect(teacherChain(spec).map(digestSpec)).toEqual(
    ['large.json', 'middle.json'].map((file) => digestSpec(readSpec(join(folder, file)))),
  )
})

it('is read again from its own document, whatever else travels with it, as the same document', () => {
  const spec = readSpec(small)
  expect(parseSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec)
  const other = parseSpec(specOf('other', 2, { name: 'joint' }))
  const crowded = { ...spec, teacherSpecs: [other, ...(spec.teacherSpecs ?? [])].reverse() }
  expect(parseSpec(crowded)).toEqual(spec)
  expect(parseSpec({ ...specOf('alone', 4, { name: 'joint' }), teacherSpecs: [other] })).not.toHaveProperty(
    'teacherSpecs',
  )
})

it('has another digest where a teacher is another', () => {
  const { method, ...rest } = readSpec(small)
  write('large.json', specOf('large', 9, { name: 'joint' }))
  const { method: after } = readSpec(small)
  write('large.json', specOf('large', 8, { name: 'joint' }))
  expect(after).not.toEqual(method)
  expect(rest.name).toBe('small')
})

it('learns from several at once, each brought along once', () => {
  const spec = readSpec(dense)
  expect(teacherSpecsOf(spec).map(({ name }) => name)).toEqual(['large', 'middle'])
  expect(spec.teacherSpecs?.map(({ name }) => name)).toEqual(['large', 'middle'])
})

it('counts a forward pass of each teacher, and nothing backward', () => {
  const { teacherMacs, teachers, trainingMacsPerImage, trainingMacsPerRun, forwardMacs, splits } = planSpec(
    readSpec(dense),
  )
  const macs = teachers.map((teacher) => planSpec(teacher).forwardMacs)
  expect(teacherMacs).toEqual(macs)
  const [large = 0, middle = 0] = macs
  expect(trainingMacsPerImage).toBe(forwardMacs + large + middle)
  expect(trainingMacsPerRun).toBe((3 * forwardMacs + large + middle) * splits.train)
})

it('finds a teacher by its digest among the specs of the same folder', () => {
  const specDigest = digestSpec(readSpec(join(folder, 'middle.json')))
  const path = write('by-digest.json', specOf('by-digest', 4, { name: 'takd', teacher: { specDigest } }))
  expect(teacherChain(readSpec(path)).map(({ name }) => name)).toEqual(['large', 'middle'])
})

it('refuses a circle, and says which', () => {
  write('a.json', specOf('a', 4, taughtBy('b.json')))
  write('b.json', specOf('b', 4, taughtBy('a.json')))
  expect(() => readSpec(join(folder, 'a.json'))).toThrow(
    "A spec can't be its own teacher: a.json is taught by b.json is taught by a.json.",
  )
})

it('refuses a chain that is too long', () => {
  write('deep/0.json', specOf('deep-0', 4, { name: 'joint' }))
  for (let i = 1; i <= 9; i++) write(`deep/${i}.json`, specOf(`deep-${i}`, 4, taughtBy(`${i - 1}.json`)))
  expect(teacherChain(readSpec(join(folder, 'deep/8.json')))).toHaveLength(8)
  expect(() => readSpec(join(folder, 'deep/9.json'))).toThrow(/chain of teachers is longer than/)
})

it('refuses a file that is not there, and names both', () => {
  const path = write('lost.json', specOf('lost', 4, taughtBy('nowhere.json')))
  expect(() => readSpec(path)).toThrow(
    expect.objectContaining({
      code: 'not-found',
      path: 'method.teacher.spec',
      message: expect.stringContaining(join(folder, 'nowhere.json')),
    }),
  )
})

it.each([
  ['another dataset', { dataset: { name: 'fashion-mnist' } }, 'method.teacher', /another dataset/],
  [
    'other images',
    { dataset: { name: 'fashion-mnist-mini', validation: { size: 50 } } },
    'method.teacher',
    /other images/,
  ],
  ['a seed that the teacher has not', { seeds: [1, 3] }, 'method.teacher', /no run with the seed 3/],
])('refuses %s', (_, changes, path, message) => {
  const file = write('refused.json', specOf('refused', 4, taughtBy('middle.json'), changes))
  expect(() => readSpec(file)).toThrow(
    expect.objectContaining({
      problems: [expect.objectContaining({ path, message: expect.stringMatching(message) })],
    }),
  )
})

it.each([
  [{}, 'method.teacher', /names no teacher/],
  [{ spec: 'large.json' }, 'method.teacher.spec', /means nothing here/],
  [{ specDigest: `sha256:${'0'.repeat(64)}` }, 'method.teacher.specDigest', /No spec with the digest/],
])('refuses a document from elsewhere that names %j', (teacher, path, message) => {
  expect(() => parseSpec(specOf('foreign', 4, { name: 'kd', teacher }))).toThrow(
    expect.objectContaining({
      problems: [expect.objectContaining({ path, message: expect.stringMatching(message) })],
    }),
  )
})

it('refuses a method of several teachers that names none', () => {
  expect(() => parseSpec(specOf('orphan', 4, { name: 'dgkd' }))).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ path: 'method.teachers' })] }),
  )
})

it('refuses exits that do not match the teacher’s, and a teacher that is broken', () => {
  const teacher = { spec: 'one-exit.json' }
  write('one-exit.json', {
    ...specOf('one-exit', 4, { name: 'joint' }),
    model: { ...specOf('', 4, {}).model, exits: [{ after: 'stage3' }] },
  })
  const matching = write('matching.json', specOf('m', 4, { name: 'kd', teacher, teacherExit: 'matching' }))
  expect(() => readSpec(matching)).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ path: 'method.teacherExit' })] }),
  )
  const spec = readSpec(small)
  const broken = { ...spec, teacherSpecs: [{ ...spec.teacherSpecs?.[0], seeds: [] }] }
  expect(() => parseSpec(broken)).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ path: 'teacherSpecs[0].seeds' })] }),
  )
})
