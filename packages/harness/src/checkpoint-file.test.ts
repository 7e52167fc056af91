import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import type { Checkpoint } from './checkpoint.ts'
import { encodeCheckpoint, readCheckpoint } from './checkpoint-file.ts'
import { decodeSafetensors } from './safetensors.ts'

const checkpoint: Checkpoint = {
  state: {
    runId: 'run_0123456789abcdef0123',
    specDigest: `sha256:${'0'.repeat(64)}`,
    seed: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    epoch: 1,
    step: 2,
    sums: { images: 32, loss: 70.25 },
    methodState: {},
    bestScore: 0.5,
    judgedEpoch: 1,
    attention: null,
    wallSeconds: 1.5,
    trainSeconds: 1.25,
    resumptions: 0,
    metrics: [{ epoch: 1, loss: 2.25 }],
    environment: { node: '"v20.20.2"' },
    environmentChanges: [],
  },
  tensors: new Map([
    ['model/fc', { shape: [2, 2], data: Float32Array.of(1, -2, 3, 0.5) }],
    ['best/fc', { shape: [2, 2], data: Float32Array.of(0, 0, 0, 1) }],
  ]),
}
const path = join(temporaryFolder(), 'latest.safetensors')

it('comes back as it was saved, and is a file that any reader of safetensors takes', () => {
  const bytes = encodeCheckpoint(checkpoint)
  writeFileSync(path, bytes)
  expect(readCheckpoint(path)).toEqual(checkpoint)
  expect(decodeSafetensors(bytes).tensors.get('model/fc')?.data).toEqual(Float32Array.of(1, -2, 3, 0.5))
  expect(encodeCheckpoint(checkpoint)).toEqual(bytes)
})

it('shows every bit that changed, and every byte that is missing or too many', () => {
  const bytes = encodeCheckpoint(checkpoint)
  const refused = expect.objectContaining({
    code: 'bad-input',
    path,
    message: expect.stringMatching(/^The checkpoint is damaged .*latest\.safetensors$/),
  })
  const place = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) })
  fc.assert(
    fc.property(place, ({ at, bit }) => {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ (1 << bit)
      writeFileSync(path, changed)
      expect(() => readCheckpoint(path)).toThrow(refused)
    }),
    { numRuns: 500 },
  )
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), (length) => {
      writeFileSync(path, bytes.subarray(0, length))
      expect(() => readCheckpoint(path)).toThrow(refused)
    }),
  )
  writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(8)]))
  expect(() => readCheckpoint(path)).toThrow(refused)
})

it('says of a sealed state that is none of this version which file it is', () => {
  const { epoch: _, ...state } = checkpoint.state
  writeFileSync(path, encodeCheckpoint({ ...checkpoint, state: state as typeof checkpoint.state }))
  expect(() => readCheckpoint(path)).toThrow(/does not hold a training state of this version.*latest/)
  expect(readFileSync(path).length).toBeGreaterThan(0)
})
