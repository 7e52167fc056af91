import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatManifest } from '@mate-bench/harness/manifest'
import { artifactFiles, companionFiles } from '@mate-bench/schema'
import type { PackedRun } from './packed-run.ts'

/** Writes what a packed run holds into a folder, as its run folder has it. */
export function unpackRun({ manifest, files, companions }: PackedRun, folder: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'manifest.json'), formatManifest(manifest))
  for (const [role, bytes] of files) writeFileSync(join(folder, artifactFiles[role].file), bytes)
  for (const [role, bytes] of companions) writeFileSync(join(folder, companionFiles[role].file), bytes)
}
