/** A place where oneDNN may be. */
export interface LibraryCandidate {
  /** A file, or a name that the system's loader looks up. */
  readonly path: string
  /** Libraries that it needs and that the system's loader would not find, to be loaded before it. */
  readonly before: readonly string[]
  /** In words, for messages. */
  readonly origin: string
}

const systemNames: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libdnnl.so.3', 'libdnnl.so.2'],
  darwin: ['/opt/homebrew/lib/libdnnl.3.dylib', '/usr/local/lib/libdnnl.3.dylib', 'libdnnl.3.dylib'],
  win32: ['dnnl.dll'],
}

/**
 * Where to look for oneDNN, in order: the file that MATE_BENCH_ONEDNN names (then nowhere else), the engine that
 * was added, what the system or an active conda environment has.
 */
export function libraryCandidates(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): LibraryCandidate[] {
  const own = env.MATE_BENCH_ONEDNN
  if (own) return [{ path: own, before: [], origin: 'MATE_BENCH_ONEDNN' }]
  return (systemNames[platform] ?? []).map((path) => ({ path, before: [], origin: 'the system' }))
}
