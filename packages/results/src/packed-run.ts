import { formatManifest } from '@mate-bench/harness/manifest'
import { maximumBytes } from '@mate-bench/harness/read-bounded'
import { parseManifest } from '@mate-bench/harness/read-manifest'
import { digestBytes, digestJson } from '@mate-bench/provenance'
import {
  type ArtifactRole,
  artifactFiles,
  artifactRoles,
  BenchError,
  type CompanionRole,
  companionFiles,
  decodeUtf8,
  type Manifest,
  parseJson,
} from '@mate-bench/schema'
import { unzipSync, type Zippable, zipSync } from 'fflate'
import { type Answers, decodeAnswers, encodeAnswers } from './answers-file.ts'

/**
 * A packed run is a zip file of its run folder without what follows from the rest: `spec.json` is in the manifest, and the
 * predictions follow from the weights. Of these it keeps `answers.npy`. Where the weights are left out too, they follow from
 * training the spec again.
 */
export interface PackedRun {
  readonly manifest: Manifest
  readonly answers: Answers
  /** Files of the manifest that are here, the spec among them. Their digests are the manifest's. */
  readonly files: ReadonlyMap<ArtifactRole, Uint8Array>
  /** Signature, start and registration, where the run has them. */
  readonly companions: ReadonlyMap<CompanionRole, Uint8Array>
}

const manifestFile = 'manifest.json'
const answersFile = 'answers.npy'

/** Roles that are kept as they are. */
export const packedRoles: readonly ArtifactRole[] = ['spec', 'metrics', 'log', 'model']

const companionRoles = Object.keys(companionFiles) as CompanionRole[]

/** The same bytes for the same run, on any machine: compressed in JavaScript, and without times. */
export function encodePackedRun({ manifest, answers, files, companions }: PackedRun): Uint8Array {
  const entries: Zippable = {
    [manifestFile]: new TextEncoder().encode(formatManifest(manifest)),
    [answersFile]: encodeAnswers(answers),
  }
  for (const role of packedRoles) {
    const bytes = role === 'spec' && specFollows(manifest) ? undefined : files.get(role)
    if (bytes) entries[artifactFiles[role].file] = bytes
  }
  for (const role of companionRoles) {
    const bytes = companions.get(role)
    if (bytes) entries[companionFiles[role].file] = bytes
  }
  // Zip files have local times: the first that they can say, wherever this is run.
  return zipSync(entries, { level: 9, mtime: new Date(1980, 0, 1) })
}

/** What each file inside may have at most, unpacked. */
const bounds = new Map<string, number>([
  [manifestFile, maximumBytes.manifest],
  [answersFile, maximumBytes.predictions],
  ...packedRoles.map((role) => [artifactFiles[role].file, maximumBytes[role]] as const),
  ...companionRoles.map((role) => [companionFiles[role].file, maximumBytes[role]] as const),
])

/**
 * Reads a packed run, and holds it to its digests: the manifest to its own, every file to the manifest's, and the answers to
 * the numbers that follow from them.
 *
 * @throws BenchError `bad-input` for what is no packed run, `verification-failed` for one that does not hold
 */
export function decodePackedRun(bytes: Uint8Array, source: string): PackedRun {
  const found = unzip(bytes, source)
  const read = (file: string) => {
    const content = found[file]
    if (content) return content
    throw new BenchError({ code: 'bad-input', message: `${source} holds no ${file}.`, path: source })
  }
  const text = decodeUtf8(read(manifestFile), `${source}: ${manifestFile}`, { keepMark: true })
  const manifest = parseManifest(text, `${source}: ${manifestFile}`)
  const { manifestDigest, ...content } = manifest
  if (digestJson(content) !== manifestDigest || formatManifest(manifest) !== text) {
    throw changed(source, `${manifestFile} does not have its own digest`)
  }
  const answers = decodeAnswers(read(answersFile), `${source}: ${answersFile}`)
  const files = new Map<ArtifactRole, Uint8Array>()
  if (specFollows(manifest)) files.set('spec', specBytes(manifest))
  for (const role of packedRoles) {
    const own = found[artifactFiles[role].file]
    if (!own) continue
    if (digestBytes(own) !== digestOf(manifest, role)) {
      throw changed(source, `${artifactFiles[role].file} is not the file that its manifest lists`)
    }
    files.set(role, own)
  }
  const companions = new Map<CompanionRole, Uint8Array>()
  for (const role of companionRoles) {
    const own = found[companionFiles[role].file]
    if (own) companions.set(role, own)
  }
  return { manifest, answers, files, companions }
}

/**
 * The id that a packed run says it has, without reading the rest.
 * @throws BenchError `bad-input` for what is no packed run
 */
export function packedRunId(bytes: Uint8Array, source: string): string {
  const text = unzip(bytes, source, (name) => name === manifestFile)[manifestFile]
  return text ? parseManifest(decodeUtf8(text, source), `${source}: ${manifestFile}`).runId : ''
}

function specBytes({ spec }: Manifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(spec, null, 2)}\n`)
}

/** That of a taught run has its members in another order, and is kept. */
function specFollows(manifest: Manifest): boolean {
  return digestBytes(specBytes(manifest)) === digestOf(manifest, 'spec')
}

function unzip(
  bytes: Uint8Array,
  source: string,
  wanted: (name: string) => boolean = () => true,
): Readonly<Record<string, Uint8Array | undefined>> {
  try {
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const bound = bounds.get(name)
        if (bound === undefined) throw new Error(`it holds ${name}, which is no file of a packed run`)
        if (originalSize > bound) throw new Error(`its ${name} is too long`)
        return wanted(name)
      },
    })
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new BenchError({
      code: 'bad-input',
      message: `${source} is not a packed run: ${reason}.`,
      path: source,
      hint: 'Take the file from the repository again, or pack the run folder: `mate-bench results pack RUN`.',
      cause: thrown,
    })
  }
}

/** What the manifest says of a role. */
export function digestOf({ artifacts }: Manifest, role: ArtifactRole): string | undefined {
  const listed = artifacts.find((artifact) => artifact.role === role)
  return listed && `sha256:${listed.sha256}`
}

/** Files of a run that the pack does not hold, in the manifest's order. */
export function missingRoles({ manifest, files }: Pick<PackedRun, 'manifest' | 'files'>): ArtifactRole[] {
  const listed = manifest.artifacts.map(({ role }) => role)
  return artifactRoles.filter((role) => listed.includes(role) && !files.has(role))
}

/** A file of the run, by the name that its manifest gives it. */
export function fileOf({ files }: PackedRun, name: string): Uint8Array | undefined {
  return [...files].find(([role]) => artifactFiles[role].file === name)?.[1]
}

/**
 * Reads a JSON document that stands beside the manifest.
 * @throws BenchError `bad-input` for one that is no JSON
 */
export function readCompanionOf({ companions, manifest }: PackedRun, role: CompanionRole): unknown {
  const bytes = companions.get(role)
  if (!bytes) return undefined
  const source = `${companionFiles[role].file} of ${manifest.runId}`
  return parseJson(decodeUtf8(bytes, source), source, { maximumBytes: maximumBytes[role], maximumDepth: 16 })
}

function changed(source: string, what: string): BenchError {
  return new BenchError({
    code: 'verification-failed',
    message: `The packed run ${source} does not hold: ${what}.`,
    path: source,
    hint: 'Take the file from the repository again.',
  })
}
