import { beforeAll, describe, expect, it } from 'vitest'
import { at, ofType, rules } from './rules.ts'
import { type Graph, synthesise } from './synth.ts'

let graph: Graph
beforeAll(async () => {
  graph = await synthesise('ada')
})

describe('a stage of one’s own', () => {
  it.each(rules)('$name', ({ problems }) => {
    expect(problems(graph)).toEqual([])
  })

  it('has one GPU at a time, and short memories', () => {
    for (const { inputs } of ofType(graph, 'aws:batch/computeEnvironment:ComputeEnvironment')) {
      expect(at(inputs, 'computeResources.maxVcpus')).toBe(4)
    }
    const [logs] = ofType(graph, 'aws:cloudwatch/logGroup:LogGroup')
    expect(logs?.inputs.retentionInDays).toBe(14)
    expect(ofType(graph, 'aws:ecr/repository:Repository')[0]?.inputs.forceDelete).toBe(true)
  })
})
