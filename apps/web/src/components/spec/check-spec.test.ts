import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkSpec } from './check-spec.ts'

const text = readFileSync(new URL('../../../../../bench-specs/quickstart/mate.json', import.meta.url), 'utf8')

describe('checkSpec', () => {
  it('says what a valid spec asks for', () => {
    const checked = checkSpec(text)
    if (!checked.ok) throw new Error(checked.message)
    expect(checked.runs).toBe(2)
    expect(checked.exits.map(({ after }) => after)).toEqual(['stage1', 'stage2', 'stage3'])
    expect(checked.totalMacs).toBeGreaterThan(1e9)
  })

  it('names every problem with its place, and what was meant', () => {
    const checked = checkSpec(text.replace('"mate"', '"mat"').replace(/"epochs": \d+/, '"epochs": 0'))
    if (checked.ok) throw new Error('it must be refused')
    expect(checked.problems.map(({ path }) => path).sort()).toEqual(['method.name', 'training.epochs'])
    expect(
      checked.problems.map(({ line }) => text.split('\n')[(line ?? 0) - 1]?.trim().slice(0, 8)).sort(),
    ).toEqual(['"epochs"', '"name": '])
    expect(checked.problems.find(({ path }) => path === 'method.name')?.hint).toContain('"mate"')
  })

  it('says where text is no JSON', () => {
    const checked = checkSpec('{ "name": }')
    if (checked.ok) throw new Error('it must be refused')
    expect(checked.problems).toHaveLength(1)
    expect(checked.problems[0]?.message).toMatch(/line 1/)
    expect(checked.problems[0]?.line).toBe(1)
  })
})
