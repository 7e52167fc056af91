import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import {
  digestExperiment,
  digestJson,
  type EventProof,
  openStart,
  type PublishedHead,
  signedBytes,
} from '@mate-bench/provenance'
import {
  BenchError,
  companionFiles,
  type Envelope,
  envelopeSchema,
  ledgerEventSchema,
  payloadTypes,
  problemsFromIssues,
  type RunStart,
  startSchema,
  treeHeadSchema,
} from '@mate-bench/schema'
import { z } from 'zod'
import { writeFileAtomic } from './atomic-file.ts'
import { readCompanion } from './read-companion.ts'
import { hasCheckpoint } from './run-folder.ts'
import { type SigningKey, signEnvelope } from './signing/index.ts'
import { digestSpec, type Spec } from './spec.ts'

/** start.json, and what a ledger is sent: the start of a run, signed where its author has a key. */
const startFileSchema = z.union([
  z.strictObject({ envelope: envelopeSchema }),
  z.strictObject({ start: startSchema }),
])
export type StartFile = z.output<typeof startFileSchema>

const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/)

/** registration.json: a ledger's answer. Whoever has it can show the event to be there for good. */
export const registrationSchema = z.strictObject({
  index: z.int().min(0),
  event: ledgerEventSchema,
  path: z.array(hash).max(64),
  head: treeHeadSchema,
  envelope: envelopeSchema.nullable(),
})
export type Registration = EventProof & PublishedHead

export interface ReadStart {
  readonly start: RunStart
  /** Who signed it. */
  readonly keyId: string | null
  readonly envelope: Envelope | undefined
}

/**
 * The start of a run as its folder has it.
 * @returns undefined where there is none
 * @throws BenchError `bad-input`, `verification-failed` for one that was changed
 */
export async function readStart(folder: string): Promise<ReadStart | undefined> {
  const file = readStartFile(folder)
  return file && (await openStartFile(file))
}

async function openStartFile(file: StartFile): Promise<ReadStart> {
  if ('start' in file) return { start: file.start, keyId: null, envelope: undefined }
  const { keyId, start } = await openStart(file.envelope)
  return { start, keyId, envelope: file.envelope }
}

/**
 * The start that a document beside a manifest says.
 * @throws BenchError `bad-input`, `verification-failed` for one that was changed
 */
export async function startIn(document: unknown): Promise<ReadStart> {
  const { data, error } = startFileSchema.safeParse(document)
  if (data) return await openStartFile(data)
  throw new BenchError({
    code: 'bad-input',
    message: 'It is not a start of this version.',
    problems: problemsFromIssues(error.issues, startFileSchema, document),
  })
}

export function readStartFile(folder: string): StartFile | undefined {
  return readAs(folder, 'start', startFileSchema)
}

/** @throws BenchError `bad-input` for a file that is no registration */
export function readRegistration(folder: string): Registration | undefined {
  return readAs(folder, 'registration', registrationSchema)
}

function readAs<T>(folder: string, role: 'start' | 'registration', schema: z.ZodType<T>): T | undefined {
  const input = readCompanion(folder, role)
  if (input === undefined) return undefined
  const { data, error } = schema.safeParse(input)
  if (error === undefined) return data
  const path = join(folder, companionFiles[role].file)
  throw new BenchError({
    code: 'bad-input',
    message: `${path} is not a ${role} of this version.`,
    path,
    hint: 'Delete the file: the run then has no proof of when it was started.',
    problems: problemsFromIssues(error.issues, schema, input),
  })
}

export interface NewStartOptions {
  /** Where the run is while it trains. */
  readonly partial: string
  readonly spec: Spec
  readonly seed: number
  readonly runId: string
  readonly key: SigningKey | undefined
}

/**
 * Writes the start of a run down beside it, before it trains. One that is there stays, with its id; a run that was begun
 * without one gets none afterwards.
 *
 * @returns undefined where it trains already and has none
 */
export async function ensureStart(options: NewStartOptions): Promise<RunStart | undefined> {
  const { partial, spec, seed, runId, key } = options
  const specDigest = digestSpec(spec)
  const known = await readStart(partial)
  // In a folder of this spec and seed it can be of another only where somebody put it there.
  if (known?.start.specDigest === specDigest && known.start.seed === seed) return known.start
  if (hasCheckpoint(partial)) return undefined
  const start: RunStart = {
    ...{ version: 1, runId, specDigest, experimentDigest: digestExperiment(spec), seed },
    at: new Date().toISOString(),
  }
  const file: StartFile = key
    ? { envelope: signEnvelope(key, payloadTypes.start, signedBytes(start)) }
    : { start }
  writeFileAtomic(join(partial, companionFiles.start.file), `${JSON.stringify(file, null, 2)}\n`)
  return start
}

/** Keeps a ledger's answer beside the run. */
export function keepRegistration(folder: string, registration: Registration): void {
  const document = registrationSchema.parse(registration)
  writeFileAtomic(join(folder, companionFiles.registration.file), `${JSON.stringify(document, null, 2)}\n`)
}

export function isRegistered(folder: string): boolean {
  return existsSync(join(folder, companionFiles.registration.file))
}

/** Unique among all runs anywhere: two laptops that run one spec make two runs. */
export function newRunId(specDigest: string, seed: number): string {
  const digest = digestJson({ specDigest, seed, host: hostname(), pid: process.pid, at: Date.now() })
  return `run_${digest.slice('sha256:'.length, 'sha256:'.length + 20)}`
}
