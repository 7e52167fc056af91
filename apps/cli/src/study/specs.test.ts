import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSpec } from '@mate-bench/harness/read-spec'
import { methods } from '@mate-bench/methods'
import { describe, expect, it } from 'vitest'
import { packStudy } from './results.ts'
import { specNames, studySeeds, studySpecs } from './specs.ts'
import { formatSpec, studySpecFolder } from './write-specs.ts'

const folder = studySpecFolder()
const specs = studySpecs()

describe('the specs of the study', () => {
  it('lie in bench-specs/study/ as the script writes them, and nothing else does', () => {
    // Mend with `npm run study -- --write-specs`.
    expect(readdirSync(folder).sort()).toEqual(specs.map(({ file }) => file).sort())
    for (const spec of specs) {
      expect(readFileSync(join(folder, spec.file), 'utf8'), spec.file).toBe(formatSpec(spec))
    }
  })

  it('cover every method, and differ in method, regime and network alone', () => {
    const read = specs.map(({ file }) => readSpec(join(folder, file)))
    expect(new Set(read.map(({ method }) => method.name))).toEqual(new Set(methods.map(({ name }) => name)))
    const shared = read.map(({ dataset, evaluation, seeds, training: { regime: _, ...training } }) => ({
      dataset,
      evaluation,
      seeds,
      training,
    }))
    for (const one of shared) expect(one).toEqual(shared[0])
    expect(shared[0]?.seeds).toEqual(studySeeds)
  })
})

it('are named by --only, and a name that none has is refused', () => {
  expect(specNames('mate, joint')).toEqual(['mate', 'joint'])
  expect(() => specNames('mate,jiont')).toThrow(/No spec is called "jiont"/)
  expect(() => specNames('')).toThrow(/No spec/)
})

it('are packed from a folder that holds runs of them', async () => {
  await expect(packStudy(join(folder, 'no-runs-here'))).rejects.toMatchObject({ code: 'not-found' })
})
