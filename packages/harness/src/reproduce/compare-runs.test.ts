import { manifestSchema } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { compareCircumstances } from './circumstances.ts'
import { compareRuns, distanceOf, sameFile, sameNumber } from './compare-runs.ts'

const metrics = { top1: 0.8, top5: 0.95, nll: 0.61, ece: 0.03, auroc: 0.9 }

type Finished = Parameters<typeof compareRuns>[0]

function finished(changes: Partial<Finished> = {}): Finished {
  const file = { file: 'a', mediaType: 'b', bytes: 1 }
  return {
    artifacts: [
      { ...file, role: 'predictions', sha256: 'a'.repeat(64) },
      { ...file, role: 'model', sha256: 'b'.repeat(64) },
      { ...file, role: 'log', sha256: 'c'.repeat(64) },
    ],
    model: {
      parameters: 100,
      exits: [{ k: 1, after: 'end', isolatedMacs: 10, sequentialMacs: 10, parameters: 100 }],
    },
    results: {
      exits: [{ k: 1, ...metrics }],
      ensemble: metrics,
      validation: [],
      agreement: [[1]],
      overthinking: { wasteful: 0, destructive: 0 },
      budgeted: [],
    },
    track: manifestSchema.shape.track.parse({
      dataset: 'd',
      splits: Object.fromEntries(
        ['train', 'validation', 'test'].map((name) => [
          name,
          { count: 1, digest: `sha256:${'0'.repeat(64)}` },
        ]),
      ),
      preprocessing: { imageShape: [1, 1, 1], mean: [0], std: [1] },
      protocol: { metrics: 'top1-top5-nll-ece15-auroc', version: 1 },
      costConvention: 'macs',
      digest: `sha256:${'1'.repeat(64)}`,
    }),
    ...changes,
  }
}

const withExit = (changes: Partial<typeof metrics>): Partial<Finished> => ({
  results: { ...finished().results, exits: [{ k: 1, ...metrics, ...changes }] },
})
const otherBytes = { artifacts: finished().artifacts.map((file) => ({ ...file, sha256: 'd'.repeat(64) })) }

describe('compareRuns', () => {
  it('finds the same bytes, whatever the log says about times', () => {
    const artifacts = finished().artifacts.map((file) =>
      file.role === 'log' ? { ...file, sha256: 'e'.repeat(64) } : file,
    )
    const comparison = compareRuns(finished(), finished({ artifacts }))
    expect(comparison.match).toBe('identical')
    expect(comparison.files.map(({ role }) => role)).toEqual(['predictions', 'model'])
  })

  it('finds the same numbers where only last bits differ', () => {
    const comparison = compareRuns(finished(), finished({ ...otherBytes, ...withExit({ nll: 0.6100004 }) }))
    expect(comparison.match).toBe('equal')
    expect(comparison.files.some(sameFile)).toBe(false)
  })

  it('does not call files different where only the arithmetic on them is', () => {
    const comparison = compareRuns(finished(), finished(withExit({ nll: 0.6100004 })))
    expect(comparison.match).toBe('equal')
    expect(comparison.files.every(sameFile)).toBe(true)
  })

  it('tells one image of ten thousand from none, number by number', () => {
    const comparison = compareRuns(finished(), finished({ ...otherBytes, ...withExit({ top1: 0.7999 }) }))
    expect(comparison.match).toBe('different')
    const differing = comparison.numbers.filter((pair) => !sameNumber(pair))
    expect(differing).toEqual([{ group: 'exit 1', name: 'top1', published: 0.8, here: 0.7999 }])
    expect(differing.map(distanceOf)[0]).toBeCloseTo(0.0001, 12)
  })

  it('counts a number that only one of the two has as a difference', () => {
    const more = { ...finished().results, attention: [[1]] }
    expect(compareRuns(finished({ results: more }), finished()).match).toBe('different')
    expect(compareRuns(finished(withExit({ auroc: 0.5 })), finished()).match).toBe('different')
  })

  it('never takes another track for the same numbers', () => {
    const track = { ...finished().track, digest: `sha256:${'2'.repeat(64)}` }
    const comparison = compareRuns(finished(), finished({ track }))
    expect(comparison).toMatchObject({ match: 'different', sameTrack: false })
  })
})

describe('compareCircumstances', () => {
  const origin = {
    code: { commit: 'f00', dirty: false, lockfileDigest: `sha256:${'a'.repeat(64)}` },
    environment: {
      node: 'v22.0.0',
      os: 'linux',
      arch: 'x64',
      cpu: 'A',
      memoryBytes: 1,
      backend: { name: 'wasm', version: '4', libraries: {} },
      threads: 1,
    },
  }
  const differing = (published: typeof origin, here: typeof origin) =>
    compareCircumstances(published, here).flatMap(({ what, same }) => (same ? [] : [what]))

  it('finds nothing where all is the same', () => {
    expect(differing(origin, origin)).toEqual([])
  })

  it('never takes uncommitted changes for the same code', () => {
    const dirty = { ...origin, code: { ...origin.code, dirty: true } }
    expect(differing(dirty, dirty)).toEqual(['uncommitted changes'])
  })

  it('names commit and backend', () => {
    const other = {
      code: { ...origin.code, commit: 'bad' },
      environment: { ...origin.environment, backend: { name: 'tensorflow', version: '4', libraries: {} } },
    }
    expect(differing(other, origin)).toEqual(['commit', 'backend'])
  })
})
