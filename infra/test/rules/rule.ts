import { at, ofType } from '../graph.ts'
import type { Graph, Json, Resource } from '../synth.ts'
import { type MutableGraph, setAt } from './mistakes.ts'

/** What has to hold in every stage. */
export interface Rule {
  readonly name: string
  /** Names what is wrong, and nothing where all is well. */
  readonly problems: (graph: Graph) => string[]
  /** One for each thing that the rule looks at, so that none of them is looked at in vain. */
  readonly mistakes: readonly Mistake[]
}

export interface Mistake {
  readonly what: string
  /** Changes a copy of the graph. */
  readonly make: (graph: MutableGraph) => void
  /** Part of the problem that the rule then names, and did not name before. */
  readonly finds: string
}

/** Problems of the values that are not as expected. */
export function expected(where: string, inputs: Json, wanted: Readonly<Record<string, Json>>): string[] {
  return Object.entries(wanted).flatMap(([path, value]) => {
    const found = at(inputs, path)
    return JSON.stringify(found) === JSON.stringify(value)
      ? []
      : [`${where}: ${path} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}`]
  })
}

/** All resources of a type, or those with `name` in theirs: how many there are, and what stands in each. */
export interface Values {
  readonly type: string
  readonly name?: string
  readonly count: number
  readonly values: Readonly<Record<string, Json | ((graph: Graph) => Json)>>
}

/** A rule about values alone; its mistakes follow: each value once another, and once a resource less. */
export function valuesRule(name: string, sets: readonly Values[]): Rule {
  return {
    name,
    problems: (graph) =>
      sets.flatMap(({ type, name: called = '', count, values }) => {
        const found = ofType(graph, type, called)
        if (found.length !== count) return [`${found.length} of ${type} ${called}, not ${count}`]
        const wanted = Object.entries(values).map(([path, value]) => [
          path,
          typeof value === 'function' ? value(graph) : value,
        ])
        return found.flatMap((resource: Resource) =>
          expected(resource.name, resource.inputs, Object.fromEntries(wanted)),
        )
      }),
    mistakes: sets.flatMap(({ type, name: called = '', values }) => {
      const last = (graph: MutableGraph) =>
        graph.resources.findLastIndex((resource) => resource.type === type && resource.name.includes(called))
      const label = `${type.split(':').at(-1)} ${called}`.trim()
      return [
        {
          what: `${label}: one less`,
          make: (graph: MutableGraph) => graph.resources.splice(last(graph), 1),
          finds: `of ${type}`,
        },
        ...Object.keys(values).map((path) => ({
          what: `${label}: another ${path}`,
          make: (graph: MutableGraph) => setAt(graph.resources[last(graph)]?.inputs ?? {}, path, 'another'),
          finds: `${path} is "another"`,
        })),
      ]
    }),
  }
}
