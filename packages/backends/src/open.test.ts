import { BenchError } from '@mate-bench/schema'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { restoreRemovedUtilities } from './load-tensorflow.ts'
import { openBackend } from './open.ts'

async function refusal(name: string): Promise<BenchError> {
  const thrown = await openBackend(name).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(BenchError)
  return thrown as BenchError
}

describe('openBackend', () => {
  it('opens wasm with one thread, and says which libraries compute', async () => {
    const backend = await openBackend('wasm')
    expect(backend).toMatchObject({ name: 'wasm', version: '4.22.0', threads: 1 })
    expect(Object.keys(backend.libraries)).toContain('@tensorflow/tfjs-backend-wasm')
    expect(tf.getBackend()).toBe('wasm')
  })

  it('takes away the crash handlers that Emscripten installs', async () => {
    await openBackend('wasm')
    const sources = process.rawListeners('unhandledRejection').map(String)
    expect(sources.filter((source) => source.includes('throw reason'))).toEqual([])
  })

  it('goes from one to another and back', async () => {
    for (const name of ['cpu', 'wasm', 'cpu', 'wasm']) {
      await openBackend(name)
      expect(tf.getBackend()).toBe(name)
    }
  })

  it('says what is fixed about how it computes', async () => {
    expect(await openBackend('wasm')).toMatchObject({ settings: { threads: 1 }, deterministic: true })
  })

  it.each([
    [{ threads: 2 }, '2 threads'],
    [{ isa: 'avx2' as const }, 'avx2'],
    [{ tf32: true }, 'TF32'],
    [{ deterministicOps: false }, 'no other algorithms'],
  ])('refuses a setting that wasm does not have: %o', async (settings, named) => {
    const thrown = await openBackend('wasm', settings).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'bad-input', message: expect.stringContaining(named) })
  })

  it.each(['tensorflow-gpu', 'tensorflow'])('has %s or refuses it with what to install', async (name) => {
    const opened = await openBackend(name).catch((thrown: unknown) => thrown)
    if (opened instanceof BenchError) {
      expect(opened.code).toBe('backend-unavailable')
      expect(opened.hint).toContain(`mate-bench engine add ${name}`)
      expect((await refusal(name)).message).toBe(opened.message)
    } else {
      expect(opened).toMatchObject({ name })
    }
  })

  it('refuses an unknown name and suggests the nearest', async () => {
    const error = await refusal('tensorfow')
    expect(error.code).toBe('bad-input')
    expect(error.hint).toContain('tensorflow')
  })
})

describe('restoreRemovedUtilities', () => {
  it('puts back what is missing and leaves alone what is there', () => {
    const own = () => true
    const target: Record<string, (value: unknown) => boolean> = { isArray: own }
    restoreRemovedUtilities(target)
    expect(target.isArray).toBe(own)
    expect([null, undefined, 0, ''].map((value) => target.isNullOrUndefined?.(value))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
