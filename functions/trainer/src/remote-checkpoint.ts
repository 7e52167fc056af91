import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runFiles } from '@mate-bench/harness/run-files'
import { BenchError } from '@mate-bench/schema'
import { z } from 'zod'
import type { ObjectStore } from './object-store.ts'

/**
 * What a run needs to go on. The checkpoint is read first: what the others hold beyond it is written again, to the
 * same bytes, once training goes on from it.
 */
const checkpointFiles = [runFiles.checkpoint, runFiles.metrics, runFiles.log, runFiles.spec]

const pointerSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      file: z.enum(checkpointFiles),
      key: z.string().regex(/^run_[0-9a-f]{20}\/[0-9a-f]{64}$/),
      bytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
})
type Pointer = z.output<typeof pointerSchema>

/**
 * The checkpoint of one run away from the machine that trains it: each file under the digest of its bytes, and a
 * pointer that names them, written last. A machine that is taken away in between leaves the pointer, and all that it
 * names, as they were.
 */
export class RemoteCheckpoint {
  readonly #store: ObjectStore
  readonly #runId: string
  #kept: Pointer | undefined

  constructor(store: ObjectStore, runId: string) {
    this.#store = store
    this.#runId = runId
  }

  get #pointerKey(): string {
    return `${this.#runId}/checkpoint.json`
  }

  /**
   * Sends the checkpoint in `folder`, a run's partial folder, and drops the one before. A run that has finished has
   * none any more: the one before stays then.
   *
   * @throws BenchError `storage`
   */
  async save(folder: string): Promise<void> {
    const contents: { file: (typeof checkpointFiles)[number]; bytes: Uint8Array }[] = []
    for (const file of checkpointFiles) {
      const bytes = await readFile(join(folder, file)).catch(() => undefined)
      if (bytes) contents.push({ file, bytes })
    }
    // One that finished while its files were read took some of them away. In this order: it writes the manifest, drops
    // the checkpoint, and renames the folder.
    const finished = existsSync(join(folder, runFiles.manifest))
    // A save moves the checkpoint before aside, and for a moment there is none. A pointer without one would be of no use, and
    // take the one before away: the next save has it.
    const hasCheckpoint = contents.some(({ file }) => file === runFiles.checkpoint)
    if (finished || !hasCheckpoint || !existsSync(join(folder, runFiles.checkpoint))) return
    const files: Pointer['files'] = []
    for (const { file, bytes } of contents) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const key = `${this.#runId}/${sha256}`
      if (!this.#kept?.files.some((before) => before.key === key)) await this.#store.put(key, bytes)
      files.push({ file, key, bytes: bytes.length, sha256 })
    }
    const pointer: Pointer = { files }
    await this.#store.put(this.#pointerKey, new TextEncoder().encode(JSON.stringify(pointer)))
    const before = this.#kept?.files ?? []
    this.#kept = pointer
    const kept = new Set(files.map(({ key }) => key))
    await this.#store.remove(before.map(({ key }) => key).filter((key) => !kept.has(key)))
  }

  /**
   * Brings the last checkpoint to `folder`.
   * @returns `none` where there is none; `damaged` where its bytes are not those that were sent: nothing was written
   * @throws BenchError `storage`
   */
  async restore(folder: string): Promise<'restored' | 'none' | 'damaged'> {
    const text = await this.#store.get(this.#pointerKey)
    if (!text) return 'none'
    const pointer = readPointer(text)
    if (!pointer?.files.some(({ file }) => file === runFiles.checkpoint)) return 'damaged'
    const contents: { file: string; bytes: Uint8Array }[] = []
    for (const { file, key, sha256 } of pointer.files) {
      const bytes = await this.#store.get(key)
      if (!bytes || createHash('sha256').update(bytes).digest('hex') !== sha256) return 'damaged'
      contents.push({ file, bytes })
    }
    try {
      for (const { file, bytes } of contents) {
        const path = join(folder, file)
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, bytes)
      }
    } catch (cause) {
      throw new BenchError({
        code: 'storage',
        message: `The checkpoint cannot be written to ${folder}.`,
        path: folder,
        hint: 'Give --work a folder with room.',
        cause,
      })
    }
    this.#kept = pointer
    return 'restored'
  }

  /** Forgets it, once the run is published. */
  async drop(): Promise<void> {
    const keys = this.#kept?.files.map(({ key }) => key) ?? []
    await this.#store.remove([this.#pointerKey, ...keys])
    this.#kept = undefined
  }
}

function readPointer(bytes: Uint8Array): Pointer | undefined {
  try {
    return pointerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return undefined
  }
}

/**
 * Sends checkpoints in the background, one at a time: those that come while one is under way are one more, of the
 * newest.
 */
export class CheckpointSender {
  readonly #send: () => Promise<void>
  readonly #onError: (thrown: unknown) => void
  #running: Promise<void> | undefined
  #again = false

  constructor(send: () => Promise<void>, onError: (thrown: unknown) => void) {
    this.#send = send
    this.#onError = onError
  }

  request(): void {
    if (this.#running) {
      this.#again = true
      return
    }
    this.#running = this.#send()
      .catch(this.#onError)
      .finally(() => {
        this.#running = undefined
        if (!this.#again) return
        this.#again = false
        this.request()
      })
  }

  /** Resolves when everything that was asked for has been sent, or given up. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running
  }
}
