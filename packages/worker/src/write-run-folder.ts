import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatManifest } from '@mate-bench/harness/manifest'
import type { Artifact, Manifest } from '@mate-bench/schema'

/** Writes a run as the harness leaves it, from its manifest and its files, into a new folder. */
export async function writeRunFolder(
  folder: string,
  manifest: Manifest,
  readFile: (file: Artifact) => Promise<Uint8Array>,
): Promise<void> {
  mkdirSync(folder)
  writeFileSync(join(folder, 'manifest.json'), formatManifest(manifest))
  for (const artifact of manifest.artifacts) {
    writeFileSync(join(folder, artifact.file), await readFile(artifact))
  }
}
