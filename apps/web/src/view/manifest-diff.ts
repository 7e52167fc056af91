import type { Manifest } from '@mate-bench/schema'

export const diffGroups = ['spec', 'data', 'code', 'environment'] as const
export type DiffGroup = (typeof diffGroups)[number]

export interface DiffRow {
  /** Such as `training.epochs`. */
  readonly path: string
  /** One a manifest, as JSON; undefined where it is absent. */
  readonly values: readonly (string | undefined)[]
}

/** Where manifests differ, grouped. Paths that are equal in all are left out. */
export function manifestDiff(manifests: readonly Manifest[]): Record<DiffGroup, DiffRow[]> {
  const parts: Record<DiffGroup, (manifest: Manifest) => unknown> = {
    // Name, description and $schema are labels, and seeds are what entries repeat over.
    spec: ({ spec: { name: _, description: __, seeds: ___, $schema: ____, ...spec } }) => spec,
    data: ({ data, track: { digest: _, ...track } }) => ({ ...data, track }),
    code: ({ code }) => code,
    environment: ({ environment }) => environment,
  }
  const diffOf = (group: DiffGroup) =>
    differences(manifests.map((manifest) => flatten(parts[group](manifest))))
  return {
    spec: diffOf('spec'),
    data: diffOf('data'),
    code: diffOf('code'),
    environment: diffOf('environment'),
  }
}

function differences(documents: readonly ReadonlyMap<string, string>[]): DiffRow[] {
  const paths = [...new Set(documents.flatMap((document) => [...document.keys()]))]
  return paths
    .map((path) => ({ path, values: documents.map((document) => document.get(path)) }))
    .filter(({ values }) => new Set(values).size > 1)
}

/** Leaves by path, each as JSON. Short arrays of plain values are leaves too. */
function flatten(value: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  const isLeaf =
    typeof value !== 'object' ||
    value === null ||
    (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
  if (isLeaf) {
    if (value !== undefined) found.set(path, JSON.stringify(value))
    return found
  }
  for (const [key, member] of Object.entries(value)) {
    const step = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    flatten(member, step, found)
  }
  return found
}
