import type { Manifest } from '@mate-bench/schema'
import { bytes, duration, plural, si } from '../../view/numbers.ts'
import { Facts } from '../facts.tsx'

/** Machine, code and time of a run. */
export function EnvironmentFacts({ manifest }: { manifest: Manifest }) {
  const { environment, code, timing } = manifest
  const libraries = Object.entries(environment.backend.libraries).map(
    ([name, version]) => `${name} ${version}`,
  )
  const settings = Object.entries(environment.backend.settings ?? {})
    .filter(([name]) => name !== 'threads')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
  return (
    <Facts
      facts={[
        [
          'Backend',
          `${environment.backend.name} ${environment.backend.version}${libraries.length > 0 ? ` (${libraries.join(', ')})` : ''}`,
        ],
        ['Processor', `${environment.cpu}, ${environment.arch}`],
        ...(environment.gpu === undefined ? [] : [['GPU', environment.gpu] as const]),
        ['Memory', bytes(environment.memoryBytes)],
        ['System', `${environment.os}, Node ${environment.node}`],
        ...(environment.container === undefined ? [] : [['Container', environment.container] as const]),
        ['Threads', environment.threads === 0 ? 'chosen by the library' : environment.threads],
        ...(settings === '' ? [] : [['Settings', settings] as const]),
        [
          'Code',
          code.commit === null
            ? 'not recorded'
            : `${code.commit.slice(0, 12)}${code.dirty ? ', with uncommitted changes' : ''}`,
        ],
        ['Wall time', duration(timing.wallSeconds)],
        ['Training speed', `${si(timing.trainImagesPerSecond)} images/s`],
        ['Resumed', timing.resumptions === 0 ? 'never' : plural(timing.resumptions, 'time')],
        ...(timing.environmentChanges ?? []).map(({ epoch, step, differences }) => {
          const changes = differences.map(
            ({ name, before, after }) => `${name} ${before ?? 'none'} → ${after ?? 'none'}`,
          )
          return [`From epoch ${epoch + 1}, step ${step + 1} on`, changes.join(', ')] as const
        }),
        [
          'Repeatable',
          manifest.deterministic ? 'to the byte on this machine and backend' : 'not to the byte',
        ],
      ]}
    />
  )
}
