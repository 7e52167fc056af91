import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { sha256Of } from '../artifacts/digest.ts'
import { refusal } from './check-run.ts'
import type { PublishableRun } from './publishable-run.ts'

/**
 * Holds the files of a run to its manifest and puts them where published ones are, one in memory at a time.
 * @param mayLack whether a file may be missing
 * @throws BenchError `verification-failed`, `storage`
 */
export async function keepFiles(
  artifactStore: ArtifactStore,
  { manifest, readFile }: PublishableRun,
  { mayLack }: { readonly mayLack: boolean },
): Promise<void> {
  for (const { file, mediaType, bytes, sha256 } of manifest.artifacts) {
    const content = await readFile(file)
    if (!content) {
      if (mayLack) continue
      throw refusal(manifest.runId, [{ path: file, message: 'It is not there.' }])
    }
    const found = sha256Of(content)
    if (found !== sha256 || content.length !== bytes) {
      const message = `The manifest says ${bytes} bytes with SHA-256 ${sha256}, found ${content.length} with ${found}.`
      throw refusal(manifest.runId, [{ path: file, message }])
    }
    await artifactStore.put(content, mediaType)
  }
}
