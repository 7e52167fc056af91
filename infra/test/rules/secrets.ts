import { at, container, list, types } from '../graph.ts'
import { type Graph, type Json, mockDatabaseUrl, mockSigningKey } from '../synth.ts'
import { editingContainer, first, setting } from './mistakes.ts'
import { expected, type Rule } from './rule.ts'

const parameter = 'aws:ssm/parameter:Parameter'
const nameOf = (value: Json) => String(at(value, 'name'))

/** Paths of the strings in `value` that hold `text`. */
function placesOf(value: Json, text: string, path = ''): string[] {
  if (typeof value === 'string') return value.includes(text) ? [path] : []
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray(value)) return value.flatMap((item, index) => placesOf(item, text, `${path}[${index}]`))
  return Object.entries(value).flatMap(([key, item]) =>
    placesOf(item, text, path === '' ? key : `${path}.${key}`),
  )
}

/** Where a secret stands in the cloud, and whether Pulumi keeps it encrypted there. */
function placesOfSecret(graph: Graph, secret: string) {
  // SST hands links to the site's build, a process on the machine of whoever deploys: no resource in the cloud.
  const inTheCloud = graph.resources.filter(({ type }) => type !== 'command:local:Command')
  return inTheCloud.flatMap(({ type, name, inputs, secretAt }) =>
    placesOf(inputs, secret).map((place) => ({
      where: `${type} ${name}: ${place}`,
      plain: /environment|variables|command|tags/i.test(place),
      secret: secretAt.some(
        (marked) => place === marked || place.startsWith(`${marked}.`) || place.startsWith(`${marked}[`),
      ),
    })),
  )
}

export const secretRules: readonly Rule[] = [
  {
    name: 'the database’s URL and the signing key stand only where secrets are kept',
    problems: (graph) => {
      const found = [mockDatabaseUrl, mockSigningKey].map((secret) => placesOfSecret(graph, secret))
      const parameters = graph.resources.filter(({ type }) => type === parameter)
      return [
        ...(found.some((places) => places.length === 0) ? ['it is nowhere: the rule is empty'] : []),
        ...found.flat().flatMap(({ secret, plain, where }) => (!secret || plain ? [where] : [])),
        ...parameters.flatMap(({ name, inputs }) => expected(name, inputs, { type: 'SecureString' })),
      ]
    },
    mistakes: [
      {
        what: 'nowhere',
        make: (graph) => {
          graph.resources = JSON.parse(JSON.stringify(graph.resources).replaceAll(mockDatabaseUrl, ''))
        },
        finds: 'it is nowhere',
      },
      {
        what: 'in a function’s environment',
        make: (graph) => {
          const { inputs, secretAt } = first(graph, types.function)
          inputs.environment = { variables: { POSTGRES_URL: mockDatabaseUrl } }
          secretAt.push('environment')
        },
        finds: 'environment.variables.POSTGRES_URL',
      },
      {
        what: 'in the clear',
        make: (graph) => {
          first(graph, parameter).secretAt.length = 0
        },
        finds: 'TrainerPostgresUrl: value',
      },
      {
        what: 'in a plain parameter',
        make: setting(parameter, 'type', 'String'),
        finds: 'type is "String"',
      },
    ],
  },
  {
    name: 'the container takes the database’s URL and its signing key from parameters, and no secret from its environment',
    problems: (graph) => {
      const { secrets, environment } = container(graph) as { secrets?: Json; environment?: Json }
      const wanted = [
        {
          name: 'POSTGRES_URL',
          valueFrom: 'arn:aws:ssm:us-east-1:111111111111:parameter/TrainerPostgresUrl',
        },
        {
          name: 'MATE_BENCH_SIGNING_KEY',
          valueFrom: 'arn:aws:ssm:us-east-1:111111111111:parameter/TrainerSigningKeyParameter',
        },
      ]
      return [
        ...(JSON.stringify(list(secrets)) === JSON.stringify(wanted)
          ? []
          : [`secrets: ${JSON.stringify(list(secrets))}`]),
        ...list(environment)
          .filter((variable) => /URL|PASSWORD|SECRET|TOKEN|KEY/.test(nameOf(variable)))
          .map((variable) => `plain: ${nameOf(variable)}`),
      ]
    },
    mistakes: [
      {
        what: 'none',
        make: editingContainer((container) => {
          container.secrets = []
        }),
        finds: 'secrets: []',
      },
      ...['DATABASE_URL', 'PGPASSWORD', 'CLIENT_SECRET', 'API_TOKEN', 'API_KEY'].map((name) => ({
        what: `${name} in the environment`,
        make: editingContainer((container) => {
          container.environment = [{ name, value: 'x' }]
        }),
        finds: `plain: ${name}`,
      })),
    ],
  },
]
