import type { Manifest } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { syntheticRun, syntheticSpec } from '../testing/synthetic-run.ts'
import { judgeReproduction } from './judge-reproduction.ts'

const base = syntheticRun({ spec: syntheticSpec('judged'), seed: 1, top1: [0.5, 0.6, 0.7] }).manifest

/** The base, trained again and changed. */
function again(change: (run: Manifest) => void): Manifest {
  const run = structuredClone(base)
  run.deterministic = true
  run.code = { commit: 'f00', dirty: false, lockfileDigest: `sha256:${'a'.repeat(64)}` }
  run.environment.backend = { name: 'wasm', version: '4', libraries: {} }
  run.artifacts = [
    { role: 'predictions', file: 'predictions.parquet', mediaType: 'a', bytes: 1, sha256: 'a'.repeat(64) },
  ]
  change(run)
  return run
}

const published = again(() => {})
const otherFiles = (run: Manifest) => {
  run.artifacts = run.artifacts.map((file) => ({ ...file, sha256: 'd'.repeat(64) }))
}
/** Other files, another backend, and each exit so many points of top-1 off. */
const onTensorflow = (points: number) =>
  again((run) => {
    otherFiles(run)
    run.environment.backend.name = 'tensorflow'
    for (const exit of run.results.exits) exit.top1 += points / 100
  })
const spread = (sd: number | null, n: number) =>
  published.results.exits.map(({ top1 }) => ({ mean: top1, sd, n }))
const judge = (here: Manifest, entry = spread(0.002, 5)) =>
  judgeReproduction({ published, repeated: [here], entry })

describe('judgeReproduction', () => {
  it('finds the same bytes identical', () => {
    expect(judge(again(() => {}))).toMatchObject({ verdict: 'identical', cause: undefined })
  })

  it('says how far numbers are off that are equal within float32', () => {
    const here = again((run) => {
      otherFiles(run)
      for (const exit of run.results.exits) exit.nll += 4e-7
    })
    const { verdict, evidence, summary } = judge(here)
    expect(verdict).toBe('equal')
    expect(evidence.largestDifference).toBeGreaterThan(1e-7)
    expect(evidence.largestDifference).toBeLessThan(1e-6)
    expect(summary).toMatch(/numbers within \d\.\de-7$/)
  })

  it('finds another backend consistent where every exit is equivalent over seeds', () => {
    // Half width: 2.1318 (95 %, 4 degrees) x 0.002 x sqrt(1 + 1/5) = 0.00467; with 0.3 points off it ends at 0.77.
    const judged = judge(onTensorflow(0.3))
    expect(judged).toMatchObject({ verdict: 'consistent', cause: expect.stringContaining('the backend') })
    const [exit] = judged.evidence.equivalence?.exits ?? []
    expect(exit?.upper).toBeCloseTo(0.003 + 2.131847 * 0.002 * Math.sqrt(1.2), 7)
    expect(judged.evidence.equivalence).toMatchObject({ margin: 0.01, publishedSeeds: 5 })
  })

  it('shows no difference where the seeds are too few to tell, and says so', () => {
    const judged = judge(onTensorflow(0.3), spread(0.02, 2))
    expect(judged).toMatchObject({ verdict: 'inconsistent', differenceShown: false })
    expect(judged.summary).toMatch(/not shown to be equivalent within 1\.00 points.*more seeds would tell/)
    const alone = judge(onTensorflow(0.3), spread(null, 1))
    expect(alone).toMatchObject({ verdict: 'inconsistent', differenceShown: false })
    expect(alone.summary).toContain('one seed on either side')
  })

  it('shows a difference beyond the margin, with its most likely cause', () => {
    expect(judge(onTensorflow(5))).toMatchObject({
      verdict: 'inconsistent',
      differenceShown: true,
      cause: expect.stringMatching(/^the backend: published wasm 4, here tensorflow 4$/),
    })
  })

  it('asks for the bits where code, backend and settings are the same, on whatever processor', () => {
    const here = again((run) => {
      otherFiles(run)
      run.environment.cpu = 'another'
      for (const exit of run.results.exits) exit.top1 += 0.001
    })
    expect(judge(here)).toMatchObject({
      verdict: 'inconsistent',
      differenceShown: true,
      cause: expect.stringContaining('the processor'),
    })
    const sameMachine = again((run) => {
      otherFiles(run)
      for (const exit of run.results.exits) exit.top1 += 0.001
    })
    expect(judge(sameMachine).cause).toContain('may not come of this training')
  })

  it('does not ask for the bits of other code, nor of a run that is not the same every time', () => {
    const otherCode = again((run) => {
      otherFiles(run)
      run.code.commit = 'bad'
      for (const exit of run.results.exits) exit.top1 += 0.001
    })
    expect(judge(otherCode)).toMatchObject({
      verdict: 'consistent',
      cause: expect.stringContaining('the code'),
    })
    const random = again((run) => {
      otherFiles(run)
      run.deterministic = false
      for (const exit of run.results.exits) exit.top1 += 0.001
    })
    expect(judge(random).verdict).toBe('consistent')
  })

  it('never finds another experiment consistent, but takes another name for the same', () => {
    const renamed = onTensorflow(0)
    renamed.spec = { ...renamed.spec, name: 'another', seeds: [1] }
    renamed.results.exits.forEach((exit, i) => {
      exit.nll += 0.01 * (i + 1)
    })
    expect(judge(renamed).verdict).toBe('consistent')
    const longer = onTensorflow(0.1)
    longer.spec = { ...longer.spec, training: { ...longer.spec.training, epochs: 99 } }
    expect(judge(longer)).toMatchObject({
      verdict: 'inconsistent',
      differenceShown: true,
      cause: 'the specs differ',
    })
  })

  it('says so when the published numbers are not those of the published files', () => {
    const boast = again((run) => {
      for (const exit of run.results.exits) exit.top1 = 0.99
    })
    const judged = judgeReproduction({ published: boast, repeated: [published], entry: spread(0.01, 3) })
    expect(judged).toMatchObject({ verdict: 'inconsistent', differenceShown: true })
    expect(judged.cause).toContain('the published numbers are not theirs')
  })

  it('takes all seeds that were trained again into the test', () => {
    const repeated = [
      onTensorflow(0.4),
      { ...onTensorflow(-0.2), seed: 2 },
      { ...onTensorflow(0.1), seed: 3 },
    ] as const
    const judged = judgeReproduction({ published, repeated, entry: spread(0.004, 3) })
    expect(judged.evidence.seeds).toEqual([1, 2, 3])
    const [exit] = judged.evidence.equivalence?.exits ?? []
    expect(exit?.difference).toBeCloseTo(0.001, 12)
    expect(judged.verdict).toBe('consistent')
  })

  it('asks for no equal bits of a run that other teachers taught', () => {
    const taughtBy = (digit: string) => (run: Manifest) => {
      run.teachers = [
        {
          specDigest: `sha256:${digit.repeat(64)}`,
          seed: 1,
          runId: `run_${digit.repeat(20)}`,
          weightsSha256: digit.repeat(64),
        },
      ]
    }
    const withTeacher = (digit: string, change: (run: Manifest) => void = () => {}) =>
      again((run) => {
        taughtBy(digit)(run)
        change(run)
      })
    const off = (run: Manifest) => {
      otherFiles(run)
      for (const exit of run.results.exits) exit.top1 += 0.003
    }
    const judgeTaught = (here: Manifest) =>
      judgeReproduction({ published: withTeacher('a'), repeated: [here], entry: spread(0.002, 5) })
    expect(judgeTaught(withTeacher('a', off))).toMatchObject({
      verdict: 'inconsistent',
      differenceShown: true,
    })
    expect(judgeTaught(withTeacher('b', off))).toMatchObject({
      verdict: 'consistent',
      cause: 'the teachers: it learned from other weights',
    })
  })
})
