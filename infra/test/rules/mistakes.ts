import type { Graph, Json } from '../synth.ts'

export type MutableJson = { [key: string]: MutableValue }
export type MutableValue = null | boolean | number | string | MutableValue[] | MutableJson

export interface MutableGraph {
  app: { name: string; version: string; removal: string; protect: boolean }
  resources: { type: string; name: string; inputs: MutableJson; secretAt: string[]; retained: boolean }[]
}

/** The graph with a mistake in it; the graph itself stays as it is. */
export function withMistake(graph: Graph, make: (copy: MutableGraph) => void): Graph {
  const copy: MutableGraph = JSON.parse(JSON.stringify({ app: graph.app, resources: graph.resources }))
  make(copy)
  return { ...graph, ...copy }
}

export function first(graph: MutableGraph, type: string, name = ''): MutableGraph['resources'][number] {
  const found = graph.resources.find((resource) => resource.type === type && resource.name.includes(name))
  if (!found) throw new RangeError(`there is no ${type} ${name}`)
  return found
}

/** Sets the value at a path such as `timeout.attemptDurationSeconds`. */
export function setAt(inputs: MutableJson, path: string, value: Json): void {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce<MutableValue | undefined>(
    (found, key) => (found as Record<string, MutableValue> | undefined)?.[key],
    inputs,
  )
  if (parent === null || typeof parent !== 'object') throw new RangeError(`there is no ${path}`)
  Reflect.set(parent, last, value)
}

export const setting =
  (type: string, path: string, value: Json, name?: string) =>
  (graph: MutableGraph): void =>
    setAt(first(graph, type, name).inputs, path, value)

export const removing =
  (type: string, name?: string) =>
  (graph: MutableGraph): void => {
    graph.resources.splice(graph.resources.indexOf(first(graph, type, name)), 1)
  }

/** Changes the list at a path. */
export const editing =
  (type: string, path: string, edit: (items: MutableValue[]) => void) =>
  (graph: MutableGraph): void => {
    const items = path
      .split('.')
      .reduce<MutableValue | undefined>(
        (found, key) => (found as MutableJson | undefined)?.[key],
        first(graph, type).inputs,
      )
    if (!Array.isArray(items)) throw new RangeError(`there is no list at ${path}`)
    edit(items)
  }

export const editingContainer =
  (edit: (container: MutableJson) => void) =>
  (graph: MutableGraph): void => {
    const { inputs } = first(graph, 'aws:batch/jobDefinition:JobDefinition')
    const container = JSON.parse(String(inputs.containerProperties))
    edit(container)
    inputs.containerProperties = JSON.stringify(container)
  }
