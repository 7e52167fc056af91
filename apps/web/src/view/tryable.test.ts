import type { ArtifactRole, Manifest } from '@mate-bench/schema'
import { expect, it } from 'vitest'
import quickstart from '../../../../bench-specs/quickstart/mate.json'
import { tryableRun } from './tryable.ts'

const { $schema: _, ...spec } = quickstart
const everything = new Set<ArtifactRole>(['model', 'predictions'])

/** What is read of a manifest. */
function manifestOf(changes: { spec?: object; bytes?: number; macs?: number }): Manifest {
  const { bytes = 130_000, macs = 3e6 } = changes
  return {
    runId: 'run_0123456789abcdef0123',
    spec: changes.spec ?? spec,
    artifacts: [{ role: 'model', bytes, sha256: 'a'.repeat(64) }],
    model: { exits: [{ sequentialMacs: 1e6 }, { sequentialMacs: macs }] },
  } as unknown as Manifest
}

it('offers a small network whose weights are here, with test images where their licence allows', () => {
  expect(tryableRun(manifestOf({}), everything)).toMatchObject({
    imageShape: [28, 28, 1],
    run: { hasSamples: true, hasPredictions: true, weightsSha256: 'a'.repeat(64) },
  })
  const cifar = { ...spec, dataset: { name: 'cifar10' } }
  expect(tryableRun(manifestOf({ spec: cifar }), everything)?.run.hasSamples).toBe(false)
  expect(tryableRun(manifestOf({}), new Set<ArtifactRole>(['model']))?.run.hasPredictions).toBe(false)
})

it('does not offer what a page could not run', () => {
  expect(tryableRun(manifestOf({}), new Set<ArtifactRole>(['predictions']))).toBeUndefined()
  expect(tryableRun(manifestOf({ bytes: 41e6 }), everything)).toBeUndefined()
  expect(tryableRun(manifestOf({ macs: 2e9 }), everything)).toBeUndefined()
  expect(tryableRun(manifestOf({ spec: { name: 'of another version' } }), everything)).toBeUndefined()
  const large = { ...spec, dataset: { name: 'cub-200-2011' } }
  expect(tryableRun(manifestOf({ spec: large }), everything)).toBeUndefined()
})
