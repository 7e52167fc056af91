import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { digestBytes, digestJson, formatManifest } from '@mate-bench/provenance'
import { type ArtifactRole, artifactRoles, BenchError, type Manifest } from '@mate-bench/schema'
import { maximumBytes, readBounded } from '../read-bounded.ts'
import { filesOf } from '../run-files.ts'
import { type Report, same } from './check.ts'

/** Bytes of the files that are those that the manifest lists. What is not whole is not read any further. */
export type RunBytes = ReadonlyMap<ArtifactRole, Uint8Array>

export interface CheckedFiles {
  readonly bytes: RunBytes
  /** Whether the manifest and every file that it lists are as they were sealed. */
  readonly whole: boolean
}

/** Holds manifest and files to their digests, and the folder to the list of them. */
export async function checkFiles(
  folder: string,
  { manifest, text }: { readonly manifest: Manifest; readonly text: string },
  report: Report,
): Promise<CheckedFiles> {
  const { manifestDigest, ...content } = manifest
  const sealed = await report.check('manifest digest', () => same(digestJson(content), manifestDigest))
  await report.check('manifest bytes', () => {
    if (formatManifest(manifest) !== text) throw new Error('manifest.json is not written as its content says')
    return `${text.length} characters, as written by the harness`
  })
  await report.check('list of files', () => rolesComplete(manifest))
  const bytes = new Map<ArtifactRole, Uint8Array>()
  for (const { role, file, bytes: size, sha256 } of manifest.artifacts) {
    await report.check(`${file} digest`, () => {
      const found = readBounded(join(folder, file), maximumBytes[role])
      const digest = same(digestBytes(found).slice('sha256:'.length), sha256)
      same(`${found.length} bytes`, `${size} bytes`)
      bytes.set(role, found)
      return digest
    })
  }
  await report.check('no other files', () => noOtherFiles(folder, manifest))
  return { bytes, whole: sealed && bytes.size === manifest.artifacts.length }
}

/** Each role once is for the manifest's schema to say; that none is missing follows from the splits. */
function rolesComplete({ artifacts, track }: Manifest): string {
  const expected = artifactRoles.filter(
    (role) => role !== 'validation-predictions' || track.splits.validation.count > 0,
  )
  return same(artifacts.map(({ role }) => role).join(', '), expected.join(', '))
}

/** What file managers leave in folders that somebody looked into: no part of a run, and none of its bytes. */
const litter = /^(\.DS_Store|\.directory|\.localized|Thumbs\.db|ehthumbs\.db|desktop\.ini|\._.+)$/i

function noOtherFiles(folder: string, manifest: Manifest): string {
  const known = new Set(filesOf(manifest))
  const present = readdirSync(folder)
  const others = present.filter((name) => !known.has(name))
  const extra = others.filter((name) => !litter.test(name))
  if (extra.length > 0) throw new Error(`found ${extra.join(', ')}, which the manifest does not list`)
  const passedOver = others.length > 0 ? `; passed over what a file manager left: ${others.join(', ')}` : ''
  return `${present.length - others.length} files, all known${passedOver}`
}

/**
 * The bytes of a role for a check that reads them.
 * @throws BenchError `data-missing` where they are not those that the manifest lists
 */
export function bytesOf(bytes: RunBytes, role: ArtifactRole): Uint8Array {
  const found = bytes.get(role)
  if (found) return found
  throw new BenchError({
    code: 'data-missing',
    message: `it is not read, since the file of the role "${role}" is not the one that the manifest lists`,
  })
}
