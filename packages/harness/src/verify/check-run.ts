import { readManifest } from '../read-manifest.ts'
import type { Report } from './check.ts'
import type { CheckedContent } from './check-content.ts'
import { checkFiles } from './check-files.ts'

export interface CheckRunOptions {
  /** Where datasets are looked for. @default `defaultDataFolder()` */
  readonly dataFolder?: string | undefined
  /** Runs the weights on every image instead of a sample. */
  readonly full?: boolean | undefined
}

/**
 * Checks a finished run: first that its files are those that were sealed, then what they say. A file that is damaged is
 * named at once; what it and the others say is not worth the time, and the code for it is not even loaded.
 *
 * @throws BenchError when there is no readable manifest to check
 */
export async function checkRun(
  folder: string,
  options: CheckRunOptions,
  report: Report,
): Promise<CheckedContent> {
  const read = readManifest(folder)
  const { bytes, whole } = await checkFiles(folder, read, report)
  if (!whole) {
    const why = 'the files are not those that were sealed, so nothing else was checked'
    report.add('content of the files', 'unchecked', why)
    return { fingerprint: undefined, rerun: {} }
  }
  const { checkContent } = await import('./check-content.ts')
  return await checkContent(folder, { manifest: read.manifest, bytes }, options, report)
}
