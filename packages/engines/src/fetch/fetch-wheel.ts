import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Mismatch, mismatchOfFile } from '@mate-bench/datasets/checksum'
import { downloadFile } from '@mate-bench/datasets/download'
import { BenchError } from '@mate-bench/schema'
import type { WheelPin } from '../engine.ts'
import type { OnProgress } from '../progress.ts'
import { readPipConfiguration } from './pip-configuration.ts'
import { pipArguments, pipDownload } from './pip-download.ts'
import { findOnIndex } from './simple-index.ts'

export interface FetchOptions {
  /** Folder that the file goes into; a `.part` file of an earlier attempt is gone on with. */
  readonly folder: string
  /** A folder to look in first, for machines that reach no index. */
  readonly from?: string | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal: AbortSignal
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

/**
 * Brings a pinned wheel: out of `from`, out of pip's find-links folders, or from the first of pip's indexes that has it,
 * and where none of those can be reached in this way, through pip itself. Only the pinned bytes are accepted.
 *
 * @returns the file's path
 * @throws BenchError `offline` with what each place answered, `checksum-mismatch`, `storage`, `interrupted`
 */
export async function fetchWheel(pin: WheelPin, options: FetchOptions): Promise<string> {
  const target = join(options.folder, pin.file)
  await mkdir(options.folder, { recursive: true })
  if (await isPinned(pin, target)) return target
  // Half a file, of a copy or of pip, under the final name.
  await rm(target, { force: true })
  const { indexes, findLinks } = readPipConfiguration(options.env)
  const folders = [options.from, ...findLinks.map(localFolder)].filter((folder) => folder !== undefined)
  for (const folder of folders) {
    const candidate = join(folder, pin.file)
    if (!(await isFile(candidate))) continue
    options.onProgress?.({ phase: 'verifying', item: pin.file })
    const mismatch = await mismatchOfFile(pin, candidate)
    if (!mismatch) {
      await copyFile(candidate, `${target}.copy`)
      await rename(`${target}.copy`, target)
      return target
    }
    if (folder === options.from) throw otherBytes(candidate, mismatch)
  }
  const problems = options.from === undefined ? [] : [`${options.from}: it has no ${pin.file}`]
  for (const index of indexes) {
    const problem = await fromIndex(index, pin, target, options)
    if (problem === undefined) return target
    problems.push(`${withoutCredentials(index)}: ${problem}`)
  }
  options.onProgress?.({ phase: 'downloading', item: `${pin.file} by pip`, bytes: 0, totalBytes: pin.bytes })
  const problem = await pipDownload(pin, options.folder, options)
  if (options.signal.aborted) throw stopped(pin)
  if (problem === undefined) {
    const mismatch = (await isFile(target)) ? await mismatchOfFile(pin, target) : undefined
    if (mismatch) throw otherBytes(target, mismatch)
    if (await isFile(target)) return target
  }
  problems.push(`pip: ${problem ?? 'it brought another file'}`)
  throw new BenchError({
    code: 'offline',
    message: `${pin.file} could not be downloaded (${problems.join('; ')}).`,
    path: pin.file,
    hint:
      'Check the index that pip is configured with (PIP_INDEX_URL, pip.conf) and the proxy (HTTPS_PROXY). On a machine that ' +
      `reaches an index: \`pip ${pipArguments(pin).join(' ')}\`; then the same command here with --from DIR.`,
  })
}

/** Downloads from one index; the reason where that did not work. */
async function fromIndex(
  index: string,
  pin: WheelPin,
  target: string,
  { onProgress, signal }: FetchOptions,
): Promise<string | undefined> {
  // fetch refuses addresses with credentials; pip takes them.
  if (withoutCredentials(index) !== index) return 'it wants credentials, which pip is asked to give'
  let url: string | undefined
  try {
    url = await findOnIndex(index, pin.package, pin.file, signal)
  } catch (thrown) {
    if (signal.aborted) throw stopped(pin)
    return reason(thrown)
  }
  if (url === undefined) return `it has no ${pin.file}`
  onProgress?.({ phase: 'downloading', item: pin.file, bytes: 0, totalBytes: pin.bytes })
  const failure = await downloadFile(
    { name: pin.file, urls: [url], bytes: pin.bytes, sha256: pin.sha256 },
    target,
    {
      signal,
      onBytes: (bytes) =>
        onProgress?.({ phase: 'downloading', item: pin.file, bytes, totalBytes: pin.bytes }),
      onVerifying: () => onProgress?.({ phase: 'verifying', item: pin.file }),
    },
  )
  // Addresses of files may hold tokens.
  if (failure?.mismatch) throw otherBytes(`${pin.file} of ${withoutCredentials(index)}`, failure.mismatch)
  return failure?.problems.map((problem) => problem.replaceAll(`${url}: `, '')).join('; ')
}

async function isPinned(pin: WheelPin, path: string): Promise<boolean> {
  return (await isFile(path)) && (await mismatchOfFile(pin, path)) === undefined
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

/** A find-links entry that is a folder of this machine; pages are left to pip. */
function localFolder(entry: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(entry) && !entry.startsWith('file:///')) return undefined
  if (entry.startsWith('file:')) return fileURLToPath(entry)
  return entry.startsWith('~/') ? join(homedir(), entry.slice(2)) : entry
}

function withoutCredentials(index: string): string {
  return index.replace(/^([a-z][a-z+.-]*:\/\/)\S*@/i, '$1')
}

function otherBytes(path: string, { expected, found }: Mismatch): BenchError {
  return new BenchError({
    code: 'checksum-mismatch',
    message: `${path} is not the file that is pinned: expected ${expected}, found ${found}.`,
    path,
    hint: 'Nothing of it was used. If your index is a mirror, it holds other bytes under this name.',
  })
}

function stopped(pin: WheelPin): BenchError {
  return new BenchError({
    code: 'interrupted',
    message: `The download of ${pin.file} was stopped.`,
    hint: 'Run the command again: it goes on where it stopped.',
  })
}

/** fetch says only "fetch failed": the reason is in its cause. */
function reason(thrown: unknown): string {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  return cause instanceof Error ? cause.message : String(cause)
}
