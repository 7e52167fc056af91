import { beforeAll, describe, expect, it } from 'vitest'
import { rules } from './rules/index.ts'
import { type Graph, synthesise } from './synth.ts'

let graph: Graph
beforeAll(async () => {
  graph = await synthesise('ada')
})

describe('a stage of one’s own', () => {
  it.each(rules)('$name', ({ problems }) => {
    expect(problems(graph)).toEqual([])
  })
})
