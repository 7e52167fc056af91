import { at, ofType } from './graph.ts'
import type { Graph, Json } from './synth.ts'

/** Files in the repository that follow from the graph. */
export function generatedFiles(graph: Graph): Record<'infra/job-definition.json' | 'sst-env.d.ts', string> {
  return { 'infra/job-definition.json': jobDefinition(graph), 'sst-env.d.ts': linkTypes(graph) }
}

/** The job definition as AWS Batch's API has it, for whoever runs it elsewhere. */
function jobDefinition(graph: Graph): string {
  const [definition] = ofType(graph, 'aws:batch/jobDefinition:JobDefinition')
  if (!definition) throw new RangeError('there is no job definition')
  const { containerProperties, retryStrategy, timeout } = definition.inputs
  const described = {
    containerProperties: JSON.parse(String(containerProperties)),
    retryStrategy: {
      attempts: at(retryStrategy, 'attempts'),
      evaluateOnExit: at(retryStrategy, 'evaluateOnExits'),
    },
    timeout,
  }
  // SST ends names in letters of its own, others every time.
  const text = JSON.stringify(described, null, 2).replaceAll(/(bucket-)[a-z]{8}\b/g, '$1abcdefgh')
  return `${text}\n`
}

/** Types of `Resource.NAME`, from what the graph links. */
function linkTypes(graph: Graph): string {
  const links = ofType(graph, 'sst:sst:LinkRef').map(({ name, inputs }) => {
    const linked = name.replace(/LinkRef$/, '')
    const owner = graph.resources.find(
      (resource) => resource.name === linked && resource.type.startsWith('sst:'),
    )
    return { linked, type: owner?.type.replaceAll(':', '.') ?? '', properties: inputs.properties ?? {} }
  })
  links.sort((a, b) => (a.linked < b.linked ? -1 : 1))
  const fields = links.map(({ linked, type, properties }) => {
    const lines = [
      ...Object.entries(properties as { readonly [key: string]: Json }).map(
        ([key, value]) => [key, typeof value] as const,
      ),
      ['type', `'${type}'`] as const,
    ].sort(([a], [b]) => (a < b ? -1 : 1))
    return `    ${linked}: {\n${lines.map(([key, kind]) => `      ${key}: ${kind}`).join('\n')}\n    }`
  })
  return `// Made by \`npm run infra:generate\` from the infrastructure: what \`Resource\` gives in linked functions.
import 'sst'

declare module 'sst' {
  export interface Resource {
${fields.join('\n')}
  }
}
`
}
