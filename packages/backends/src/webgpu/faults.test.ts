import { BenchError } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { watchDevice } from './faults.ts'
import type { WebgpuBackend } from './tfjs-webgpu.ts'

type Lost = { readonly reason: string; readonly message: string }
type Uncaptured = { readonly error: { readonly message: string }; preventDefault(): void }

/** As much of a backend as reads are made of, whose device fails when it is told to. */
function backendThatFails() {
  let lose: (why: Lost) => void = () => {}
  let refuse: (event: Uncaptured) => void = () => {}
  const backend = {
    device: {
      lost: new Promise<Lost>((resolve) => {
        lose = resolve
      }),
      addEventListener: (_: string, listener: (event: Uncaptured) => void) => {
        refuse = listener
      },
    },
    tensorMap: { get: (dataId: { here?: number[] }) => ({ values: dataId.here ?? null }) },
    read: async () => Float32Array.of(1),
    readSync: ({ here }: { here?: number[] }) => here,
  }
  watchDevice(backend as unknown as WebgpuBackend, { lost: 'go on', refused: 'take less' })
  return {
    backend: backend as unknown as WebgpuBackend,
    lose: (message: string) => lose({ reason: 'unknown', message }),
    refuse: (message: string) => refuse({ error: { message }, preventDefault: () => {} }),
  }
}

const reading = (backend: WebgpuBackend) => backend.read({}).catch((thrown: unknown) => thrown)

describe('watchDevice', () => {
  it('leaves reads alone while all is well', async () => {
    expect(await reading(backendThatFails().backend)).toEqual(Float32Array.of(1))
  })

  it('says at the next read that the device was lost, why, and how to go on', async () => {
    const { backend, lose } = backendThatFails()
    lose('VK_ERROR_DEVICE_LOST\nat somewhere')
    const thrown = await reading(backend)
    expect(thrown).toBeInstanceOf(BenchError)
    expect(thrown).toMatchObject({
      code: 'backend-unavailable',
      message: 'The GPU was lost: VK_ERROR_DEVICE_LOST',
      hint: 'go on',
    })
  })

  it('believes no value after a call that the device refused, and names the first one', async () => {
    const { backend, refuse } = backendThatFails()
    refuse('Out of memory')
    refuse('Buffer is invalid')
    expect(await reading(backend)).toMatchObject({
      message: expect.stringContaining('Out of memory'),
      hint: 'take less',
    })
  })

  it('gives at once what is on the host, and nothing else', () => {
    const { backend } = backendThatFails()
    expect(backend.readSync({ here: [2] })).toEqual([2])
    expect(() => backend.readSync({})).toThrow('data() in place of dataSync()')
  })
})
