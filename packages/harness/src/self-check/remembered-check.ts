import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import {
  type BackendName,
  type BackendSettings,
  backendIdentity,
  findGpu,
  gpuDriversIdentity,
} from '@mate-bench/backends'
import { enginesFolder } from '@mate-bench/engines'
import { digestJson } from '@mate-bench/provenance'
import { z } from 'zod'
import { writeFileAtomic } from '../atomic-file.ts'
import { type SelfCheck, selfCheck } from './self-check.ts'

/** Raised when the check asks for more, so that older verdicts are not believed. */
const checkVersion = 1

const verdictSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    largestError: z.number(),
    sameBytes: z.boolean(),
    adapter: z
      .object({
        vendor: z.string(),
        architecture: z.string(),
        device: z.string(),
        driver: z.string(),
        software: z.boolean(),
      })
      .optional(),
  }),
  z.object({ ok: z.literal(false), reason: z.string(), hint: z.string().optional() }),
])

/** A failure may be mended (a library, a driver, memory), so it is believed for this long; a success until something changes. */
const failureMilliseconds = 3_600_000

/**
 * The verdict of `selfCheck` for this backend, library, machine and Node. It is computed once and kept in the engines
 * folder; `again` computes it anew.
 *
 * @returns undefined where the backend is not installed
 */
export async function rememberedCheck(
  backend: BackendName,
  options: {
    readonly settings?: BackendSettings
    readonly again?: boolean
    readonly onChecking?: () => void
  } = {},
): Promise<SelfCheck | undefined> {
  const { settings = {}, again = false, onChecking } = options
  const identity = backendIdentity(backend)
  if (identity === undefined) return undefined
  const digest = digestJson({
    checkVersion,
    backend,
    identity,
    settings: JSON.parse(JSON.stringify(settings)),
    node: process.version,
    machine: [process.platform, process.arch, release(), cpus()[0]?.model.trim() ?? ''],
    gpu: gpuIdentity(backend),
  })
  const folder = join(enginesFolder(), 'self-checks')
  const path = join(folder, `${backend}-${digest.slice('sha256:'.length, 'sha256:'.length + 16)}.json`)
  const known = again ? undefined : readVerdict(path)
  if (known) return known
  onChecking?.()
  const verdict = await selfCheck(backend, { settings })
  try {
    mkdirSync(folder, { recursive: true })
    writeFileAtomic(path, `${JSON.stringify(verdict)}\n`)
  } catch {
    // A folder that cannot be written only costs the check another time.
  }
  return verdict
}

/** What is known of GPU and driver without loading a library; '' for a CPU. */
function gpuIdentity(backend: BackendName): string {
  if (backend === 'tensorflow-gpu') return JSON.stringify(findGpu())
  return backend === 'webgpu' ? gpuDriversIdentity() : ''
}

function readVerdict(path: string): SelfCheck | undefined {
  try {
    const { data } = verdictSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    if (data === undefined) return undefined
    if (data.ok) {
      const { adapter, ...verdict } = data
      return { ...verdict, ...(adapter === undefined ? {} : { adapter }) }
    }
    if (Date.now() - statSync(path).mtimeMs > failureMilliseconds) return undefined
    const { reason, hint } = data
    return { ok: false, reason, ...(hint === undefined ? {} : { hint }) }
  } catch {
    return undefined
  }
}

/** Forgets what was found of a backend: after its engine was installed or removed it may be otherwise. */
export function forgetChecks(backend: BackendName): void {
  const folder = join(enginesFolder(), 'self-checks')
  try {
    for (const name of readdirSync(folder)) {
      if (/^[0-9a-f]{16}\.json$/.test(name.replace(`${backend}-`, '')))
        rmSync(join(folder, name), { force: true })
    }
  } catch {
    // There is nothing to forget.
  }
}
