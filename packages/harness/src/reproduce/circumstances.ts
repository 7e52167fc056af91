import type { Manifest } from '@mate-bench/schema'

/** One thing that may change the bytes of a run: as it was, and as it is here. */
export interface Circumstance {
  readonly what: string
  readonly published: string
  readonly here: string
  readonly same: boolean
}

type Origin = Pick<Manifest, 'code' | 'environment'>

/** What is known before training about why the bytes might not be the same. */
export function compareCircumstances(published: Origin, here: Origin): Circumstance[] {
  const pairs: readonly (readonly [string, (origin: Origin) => string])[] = [
    ['commit', ({ code }) => code.commit ?? 'unknown'],
    ['uncommitted changes', ({ code }) => (code.dirty === null ? 'unknown' : code.dirty ? 'yes' : 'none')],
    ['lockfile', ({ code }) => code.lockfileDigest?.slice(0, 'sha256:'.length + 12) ?? 'unknown'],
    ['backend', ({ environment: { backend } }) => `${backend.name} ${backend.version}`],
    ['threads', ({ environment }) => String(environment.threads)],
    ['settings', ({ environment: { backend } }) => settingsText(backend.settings)],
    ['processor', ({ environment }) => `${environment.cpu}, ${environment.arch}`],
    ['GPU', ({ environment }) => environment.gpu ?? 'none'],
    ['Node.js', ({ environment }) => environment.node],
  ]
  return pairs.map(([what, read]) => {
    const [was, is] = [read(published), read(here)]
    return { what, published: was, here: is, same: was === is && isExact(what, was) }
  })
}

/** `isa avx2, threads 1`; runs of before there were settings name their threads alone. */
function settingsText(settings: Origin['environment']['backend']['settings']): string {
  const pairs = Object.entries(settings ?? {}).filter(([name]) => name !== 'threads')
  const text = pairs.sort().map(([name, value]) => `${name} ${value}`)
  return text.join(', ') || 'none'
}

/** Two trees with changes that nobody committed, or two that nobody knows, need not be the same. */
function isExact(what: string, value: string): boolean {
  return value !== 'unknown' && !(what === 'uncommitted changes' && value === 'yes')
}
