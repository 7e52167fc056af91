import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFolder } from './environment.ts'
import { formatSpecJsonSchema, specJsonSchema } from './json-schema.ts'
import { planSpec } from './plan.ts'
import { readSpec } from './read-spec.ts'

const folder = join(projectFolder(), 'bench-specs')
const specs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.json') && !name.endsWith('.schema.json') && !name.startsWith('references'),
)

describe('bench-specs', () => {
  it('holds the JSON Schema that the code writes', () => {
    // Mend with `npm run schemas`.
    expect(readFileSync(join(folder, 'spec.schema.json'), 'utf8')).toBe(formatSpecJsonSchema())
  })

  it('states a range for every number, a length for every text and list', () => {
    expect(unbounded(specJsonSchema(), '$')).toEqual([])
  })

  it.each(specs)('%s parses, can be planned, and names its schema', (name) => {
    const path = join(folder, name)
    const { exits, trainingMacsPerRun } = planSpec(readSpec(path))
    expect(trainingMacsPerRun).toBeGreaterThan(0)
    // References of one depth and teachers are networks that exit once.
    if (/-(alone\d?|assistant)$/.test(readSpec(path).name)) expect(exits).toHaveLength(1)
    else expect(exits.length).toBeGreaterThan(1)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('$schema', '../spec.schema.json')
  })

  it('has a name of its own for every spec', () => {
    const names = specs.map((name) => readSpec(join(folder, name)).name)
    expect(new Set(names).size).toBe(names.length)
  })
})

/** Paths of what a JSON Schema bounds on no side, or on one alone. */
function unbounded(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const has = (key: string) => Object.hasOwn(schema, key)
  const type = Reflect.get(schema, 'type')
  const isNumber = type === 'number' || type === 'integer'
  const largest = Number(Reflect.get(schema, 'maximum') ?? Reflect.get(schema, 'exclusiveMaximum'))
  const isBounded =
    has('const') ||
    has('enum') ||
    (isNumber && (has('minimum') || has('exclusiveMinimum')) && largest <= 2 ** 32) ||
    (type === 'string' && has('maxLength')) ||
    (type === 'array' && has('maxItems')) ||
    !(isNumber || type === 'string' || type === 'array')
  return [
    ...(isBounded ? [] : [path]),
    ...Object.entries(schema).flatMap(([key, member]) => unbounded(member, `${path}.${key}`)),
  ]
}
