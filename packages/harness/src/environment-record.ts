import type { Manifest } from '@mate-bench/schema'
import { z } from 'zod'

export const environmentRecordSchema = z.record(z.string(), z.string())

/** What may change a run's numbers, flat, by name: `node`, `backend.name`, `code.commit`, ... Values are JSON. */
export type EnvironmentRecord = z.output<typeof environmentRecordSchema>

const differenceSchema = z.strictObject({
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
})

export type EnvironmentDifference = z.output<typeof differenceSchema>

/** Epoch and step, both 0-based, from which a run was trained with something else. */
export const environmentChangeSchema = z.strictObject({
  epoch: z.int().min(0),
  step: z.int().min(0),
  differences: z.array(differenceSchema),
})

/** The machine's name, processor and memory change no number by themselves; what computes, and its settings, do. */
export function recordEnvironment(
  { node, arch, gpu, backend, threads }: Manifest['environment'],
  code: Manifest['code'],
): EnvironmentRecord {
  const record: EnvironmentRecord = {}
  const add = (name: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      if (value !== undefined) record[name] = JSON.stringify(value)
      return
    }
    for (const [key, member] of Object.entries(value)) add(name === '' ? key : `${name}.${key}`, member)
  }
  add('', { node, arch, gpu, backend, threads, code })
  return record
}

/** What differs between two records, by name. */
export function compareEnvironments(
  before: EnvironmentRecord,
  after: EnvironmentRecord,
): EnvironmentDifference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name])
    .sort()
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }))
}

/** For people: `node "v20.20.2" -> "v22.19.0", code.commit ...`. */
export function differencesText(differences: readonly EnvironmentDifference[]): string {
  return differences
    .map(({ name, before, after }) => `${name} ${before ?? 'none'} -> ${after ?? 'none'}`)
    .join(', ')
}
