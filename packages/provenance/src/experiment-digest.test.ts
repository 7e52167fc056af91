import { describe, expect, it } from 'vitest'
import { digestJson } from './digest.ts'
import { digestExperiment } from './experiment-digest.ts'

const spec = {
  $schema: '../spec.schema.json',
  schemaVersion: 1,
  name: 'mate',
  description: 'A trial.',
  method: { name: 'mate', temperature: 3 },
  seeds: [1],
}

describe('digestExperiment', () => {
  it('is the digest of the spec without its labels and seeds', () => {
    expect(digestExperiment(spec)).toBe(
      digestJson({ schemaVersion: 1, method: { name: 'mate', temperature: 3 } }),
    )
  })

  it('stays with another name, description, schema reference and list of seeds', () => {
    const { $schema: _, description: __, ...bare } = spec
    expect(digestExperiment({ ...bare, name: 'renamed', seeds: [1, 2, 3] })).toBe(digestExperiment(spec))
  })

  it('changes with anything that is trained or judged', () => {
    const hotter = { ...spec, method: { name: 'mate', temperature: 4 } }
    expect(digestExperiment(hotter)).not.toBe(digestExperiment(spec))
  })

  it('follows what its teachers are, whatever they are called and however many seeds they list', () => {
    const teacher = { name: 'large', model: { width: 64 }, method: { name: 'joint' }, seeds: [1] }
    const student = (of: typeof teacher) => ({
      ...spec,
      method: { name: 'kd', teacher: { specDigest: digestJson(of), seed: 'same' } },
      teacherSpecs: [of],
    })
    const renamed = { ...teacher, name: 'grown', seeds: [1, 2] }
    expect(digestExperiment(student(renamed))).toBe(digestExperiment(student(teacher)))
    const wider = { ...teacher, model: { width: 65 } }
    expect(digestExperiment(student(wider))).not.toBe(digestExperiment(student(teacher)))
  })
})
