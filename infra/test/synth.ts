import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unwrapSecrets } from './secret-marks.ts'

export const root = resolve(import.meta.dirname, '../..')
const platform = join(root, '.sst/platform')

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A resource that would be made, as it was asked for. */
export interface Resource {
  readonly type: string
  readonly name: string
  readonly inputs: { readonly [key: string]: Json }
  /** Whether it stays when its stage is removed. */
  readonly retained: boolean
  /** Where in `inputs` something stands that Pulumi keeps encrypted. */
  readonly secretAt: readonly string[]
}

export interface Graph {
  readonly stage: string
  readonly app: {
    readonly name: string
    readonly version: string
    readonly removal: string
    readonly protect: boolean
  }
  readonly resources: readonly Resource[]
  /** Of the functions, as they would be bundled: `functions/launch/src/handler.handler`. */
  readonly handlers: readonly string[]
  readonly outputs: unknown
}

/** Looked for in the graph: nothing of the kind may stand in the clear. */
export const mockDatabaseUrl = 'postgres://bench:not-a-password@db.example.org/bench'
export const mockSigningKey = 'not-a-signing-key'
export const mockCommit = 'c0ffee'.padEnd(40, '0')
export const mockEmail = 'operator@example.org'

/**
 * Runs the real sst.config.ts with SST's real components, and Pulumi's engine and AWS mocked: every resource that a
 * deployment would ask for, and none made. Components keep state of their own, so one stage a process.
 *
 * @throws when `.sst/platform` is not there: `npm run infra:install`
 */
export async function synthesise(stage: string, { realSite = false } = {}): Promise<Graph> {
  if (!existsSync(join(platform, 'src')))
    throw new Error('The platform of SST is not there: npm run infra:install')
  const server = await startRpc()
  Object.assign(process.env, {
    SST_SERVER: server.url,
    SST_SECRET_PostgresUrl: mockDatabaseUrl,
    SST_SECRET_OperatorEmail: mockEmail,
    SST_SECRET_SiteSigningKey: mockSigningKey,
    SST_SECRET_TrainerSigningKey: mockSigningKey,
    MATE_BENCH_COMMIT: mockCommit,
  })
  try {
    return await run(stage, realSite, server)
  } finally {
    server.close()
  }
}

/** One instance of each module: mocks of another Pulumi would be ignored. */
const fromPlatform = createRequire(join(platform, 'src/anything.js'))
const load = async (path: string) => await import(pathToFileURL(path).href)

async function run(stage: string, realSite: boolean, server: RpcServer): Promise<Graph> {
  const globals: Record<string, unknown> = globalThis
  globals.$dev = false
  globals.$cli = {
    command: 'deploy',
    rpc: '',
    paths: { home: tmpdir(), root, work: join(root, '.sst'), platform },
    state: { version: {} },
  }
  globals.$config = (config: unknown) => config
  const { default: config } = await load(join(root, 'sst.config.ts'))
  const app = await config.app({ stage })
  globals.$app = { stage, ...app }

  const pulumi = await load(fromPlatform.resolve('@pulumi/pulumi'))
  const resources: Resource[] = []
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs, id }: NewResource) {
        const secretAt: string[] = []
        resources.push({ type, name, inputs: unwrapSecrets(inputs, secretAt), secretAt, retained: false })
        return { id: id || `${name}-id`, state: stateOf(type, name, id ? { ...inputs, name: id } : inputs) }
      },
      call({ token, inputs }: { token: string; inputs: Record<string, unknown> }) {
        return answerOf(token, inputs)
      },
    },
    app.name,
    stage,
    false,
  )
  const component = await load(join(platform, 'src/components/component.ts'))
  const components = await load(join(platform, 'src/components/index.ts'))
  Object.assign(globals, {
    aws: await load(fromPlatform.resolve('@pulumi/aws')),
    dockerbuild: await load(fromPlatform.resolve('@pulumi/docker-build')),
    $util: pulumi,
    $interpolate: pulumi.interpolate,
    $jsonStringify: pulumi.jsonStringify,
    $jsonParse: pulumi.jsonParse,
    $resolve: pulumi.all,
    $concat: pulumi.concat,
    $output: pulumi.output,
    $transform: component.$transform,
    $asset: component.$asset,
    sst: realSite
      ? components
      : { ...components, aws: { ...components.aws, Nextjs: siteStandIn(pulumi, resources) } },
  })
  const { run: runConfig } = await load(join(platform, 'src/auto/run.ts'))
  const options = new Map<string, { readonly retainOnDelete?: boolean }>()
  const outputs = await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ type, name, opts }: Transformed) => {
      options.set(`${type} ${name}`, opts)
    })
    return runConfig(config.run)
  })
  // Resolves when every registration that Pulumi knows of has settled.
  await pulumi.runtime.disconnect()
  const retained = ({ type, name }: Resource) => options.get(`${type} ${name}`)?.retainOnDelete === true
  return {
    stage,
    app,
    resources: resources.map((resource) => ({ ...resource, retained: retained(resource) })),
    handlers: server.handlers,
    outputs,
  }
}

interface Transformed {
  readonly type: string
  readonly name: string
  readonly opts: { readonly retainOnDelete?: boolean }
}

interface NewResource {
  readonly type: string
  readonly name: string
  readonly inputs: Record<string, Json>
  readonly id?: string
}

/** A link, as far as it says what it gives. */
interface Linked {
  getSSTLink(): { readonly include?: readonly Record<string, unknown>[] }
}

/**
 * The site's component wants a finished build; where there is none this stands for it, with the same arguments, and the
 * rights that its links bring.
 */
function siteStandIn(
  pulumi: {
    ComponentResource: new (...args: unknown[]) => object
    output: (value: unknown) => { apply: (act: (value: unknown) => void) => void }
  },
  resources: Resource[],
) {
  return class extends pulumi.ComponentResource {
    url: unknown
    constructor(name: string, args: Record<string, unknown>) {
      super('sst:aws:Nextjs', name, {})
      const { link, router, ...rest } = args as { link: Linked[]; router: { instance: { url: unknown } } }
      this.url = router.instance.url
      const rights = link.flatMap((linked) => linked.getSSTLink().include ?? [])
      pulumi.output({ ...rest, rights }).apply((inputs) => {
        const secretAt: string[] = []
        resources.push({
          type: 'site',
          name,
          inputs: unwrapSecrets(inputs as Record<string, Json>, secretAt),
          secretAt,
          retained: false,
        })
      })
    }
    getSSTLink() {
      return { properties: { url: this.url } }
    }
  }
}

/** What AWS would have filled in. */
function stateOf(type: string, name: string, inputs: Record<string, Json>): Record<string, unknown> {
  const called = inputs.name ?? inputs.bucket ?? name
  const kind = type.split('/').at(-1)
  return {
    ...inputs,
    name: called,
    arn: inputs.arn ?? arnOf(type, String(called)),
    arnPrefix: `arn:aws:batch:us-east-1:111111111111:job-definition/${name}`,
    url: `https://${kind}.us-east-1.example.org/111111111111/${called}`,
    repositoryUrl: `111111111111.dkr.ecr.us-east-1.amazonaws.com/${name.toLowerCase()}`,
    ref: `111111111111.dkr.ecr.us-east-1.amazonaws.com/trainer@sha256:${'0'.repeat(64)}`,
    latestVersion: 7,
    functionUrl: `https://${called}.lambda-url.us-east-1.on.aws/`,
    domainName: 'd111111abcdef8.cloudfront.net',
  }
}

function arnOf(type: string, name: string): string {
  const region = 'us-east-1:111111111111'
  if (type === 'aws:batch/jobQueue:JobQueue') return `arn:aws:batch:${region}:job-queue/${name}`
  if (type === 'aws:batch/jobDefinition:JobDefinition')
    return `arn:aws:batch:${region}:job-definition/${name}:1`
  if (type === 'aws:s3/bucket:Bucket' || type === 'aws:s3/bucketV2:BucketV2') return `arn:aws:s3:::${name}`
  const [service = '', resource = ''] = type.replace('aws:', '').split('/')
  return `arn:aws:${service}:${region}:${resource.split(':')[0]}/${name}`
}

function answerOf(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (token) {
    case 'aws:index/getRegion:getRegion':
      return { region: 'us-east-1', name: 'us-east-1', id: 'us-east-1' }
    case 'aws:index/getPartition:getPartition':
      return { partition: 'aws' }
    case 'aws:index/getCallerIdentity:getCallerIdentity':
      return { accountId: '111111111111', arn: 'arn:aws:iam::111111111111:user/test', id: '1', userId: '1' }
    case 'aws:index/getAvailabilityZones:getAvailabilityZones':
      return { names: ['us-east-1a', 'us-east-1b', 'us-east-1c'], zoneIds: [], id: 'zones' }
    case 'aws:iam/getPolicyDocument:getPolicyDocument':
      return {
        json: JSON.stringify({ Version: '2012-10-17', Statement: inputs.statements }),
        statements: inputs.statements,
        id: 'policy',
      }
    case 'aws:ecr/getAuthorizationToken:getAuthorizationToken':
      return { userName: 'AWS', password: 'mock', proxyEndpoint: 'https://registry.example.org' }
    default:
      return inputs
  }
}

interface RpcServer {
  readonly url: string
  readonly handlers: readonly string[]
  close(): void
}

/** What the SST program answers to its components over HTTP. */
async function startRpc(): Promise<RpcServer> {
  const handlers: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const { method, params } = JSON.parse(body)
      response.setHeader('content-type', 'application/json')
      if (method === 'Runtime.Build' && !params[0].bundle) handlers.push(params[0].handler)
      response.end(JSON.stringify(rpcAnswer(method, params[0])))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new RangeError('a TCP server has a port')
  return { url: `http://127.0.0.1:${address.port}`, handlers, close: () => server.close() }
}

function rpcAnswer(method: string, params: { handler?: string; bundle?: string }): unknown {
  switch (method) {
    case 'Provider.Aws.Bootstrap':
      return {
        result: {
          asset: 'sst-asset',
          assetEcrRegistryId: '111111111111',
          assetEcrUrl: '111111111111.dkr.ecr.us-east-1.amazonaws.com/sst-asset',
          state: 'sst-state',
        },
      }
    case 'Runtime.Build':
      return {
        result: {
          handler: params.handler,
          out: params.bundle ? resolve(root, params.bundle) : join(root, 'functions/launch'),
          errors: [],
          sourcemaps: [],
        },
      }
    default:
      return { error: `rpc: can't find ${method}` }
  }
}
