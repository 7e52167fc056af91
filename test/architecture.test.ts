import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Which packages each may import: docs/architecture.md, "Arrows". */
const arrows: Readonly<Record<string, readonly string[]>> = {
  schema: [],
  provenance: ['schema'],
  stats: ['schema'],
  nn: ['schema', 'provenance', 'stats'],
  methods: ['schema', 'provenance', 'stats', 'nn'],
  datasets: ['schema', 'provenance', 'stats'],
  engines: ['schema', 'provenance', 'datasets'],
  backends: ['schema', 'provenance', 'stats', 'engines'],
  charts: ['schema', 'stats'],
  store: ['schema', 'provenance', 'stats'],
  harness: ['schema', 'provenance', 'stats', 'nn', 'methods', 'datasets', 'engines', 'backends'],
  results: ['schema', 'provenance', 'stats', 'charts', 'harness'],
  worker: ['schema', 'stats', 'harness', 'store'],
  cloud: ['schema', 'store'],
  web: [
    'schema',
    'provenance',
    'stats',
    'nn',
    'methods',
    'datasets',
    'charts',
    'backends',
    'harness',
    'results',
    'store',
    'cloud',
  ],
  cli: [
    'schema',
    'provenance',
    'stats',
    'nn',
    'methods',
    'datasets',
    'engines',
    'backends',
    'charts',
    'harness',
    'store',
    'results',
    'worker',
    'cloud',
  ],
  trainer: ['schema', 'datasets', 'engines', 'backends', 'harness', 'store', 'worker', 'cloud'],
  launch: ['schema', 'store', 'cloud'],
  'batch-events': ['schema', 'store', 'cloud'],
  reconcile: ['schema', 'store', 'cloud'],
}

/** Rooms that run in a browser as they are: no Node built-in and no tfjs. */
const pure = [
  'packages/schema/src',
  'packages/provenance/src',
  'packages/stats/src',
  'packages/charts/src',
  'packages/nn/src/describe',
]

/** What the workers of a page begin with: everything that they lead to must run in a browser. */
const inBrowser = [
  'apps/web/src/components/spec/check-worker.ts',
  'apps/web/src/components/try/network-worker.ts',
  'apps/web/src/components/try/training-worker.ts',
]

interface Import {
  readonly file: string
  readonly from: string
}

function sources(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|js)$/.test(file) && !/(^|\/)(node_modules|\.next|\.open-next)\//.test(file))
    .map((file) => join(folder, file))
}

/** What else of a room may use a package: its configuration, scripts, programs and style sheets. */
function others(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => /\.(css|mjs|js|ts)$/.test(file) && !/(^|\/)(node_modules|\.next|\.open-next)\//.test(file),
    )
    .map((file) => join(folder, file))
}

/** What no source names since another package wants it beside itself: Next.js does. */
const peers = ['react-dom']

/** What there is nothing of but types: an import of them is gone when the code runs. */
const typesOnly = ['aws-lambda']

const isTest = (file: string) => /\.test\.ts$|\/(testing|fixtures)\//.test(file)

function imports(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"\n]*(?:\n[^'"]*?)?from\s*['"]([^'"]+)['"]|import\s*\(?\s*['"]([^'"]+)['"]/g,
  )
  return [...found].map((match) => ({ file: relative(root, file), from: match[1] ?? match[2] ?? '' }))
}

/** Imports that are there when the code runs. */
function valueImports(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replace(/(^|\n)(import|export) type\b[^'"]*['"][^'"]+['"]/g, '')
  const found = text.matchAll(
    /(?:^|\n)(?:import|export)\b[^'"\n]*(?:\n[^'"]*?)?from\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
  )
  return [...found].map((match) => ({
    file: relative(root, file),
    from: match[1] ?? match[2] ?? match[3] ?? '',
  }))
}

/** The project's own files that a file leads to, itself among them. */
function reachableFrom(entry: string): Set<string> {
  const files = new Set([entry])
  for (const file of files) {
    for (const { from } of valueImports(file)) {
      const [scope, name, ...rest] = from.split('/')
      if (from.startsWith('.')) files.add(join(dirname(file), from))
      else if (scope === '@mate-bench' && name !== undefined) {
        const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
        files.add(join(root, 'packages', name, exports[['.', ...rest].join('/')]))
      }
    }
  }
  return files
}

const rooms = ['packages', 'apps', 'functions'].flatMap((floor) =>
  readdirSync(join(root, floor)).map((name) => ({ name, folder: join(root, floor, name) })),
)

describe('import arrows', () => {
  it.each(rooms)('$name imports only what stands below it', ({ name, folder }) => {
    const allowed = arrows[name]
    expect(allowed, `${name} is not in the plan: add it here and to docs/architecture.md`).toBeDefined()
    const files = sources(join(folder, 'src')).filter((file) => !isTest(file))
    expect(files.length).toBeGreaterThan(0)
    const broken = files.flatMap(imports).filter(({ file, from }) => {
      const target = /^@mate-bench\/([^/]+)/.exec(from)?.[1]
      if (target) return target !== name && !allowed?.includes(target)
      if (!from.startsWith('.')) return false
      const path = join(root, dirname(file), from)
      // The specs that ship are data, and anybody may read them.
      return relative(folder, path).startsWith('..') && !/^bench-specs\/.*\.json$/.test(relative(root, path))
    })
    expect(broken).toEqual([])
  })

  it.each(rooms)('$name declares every package that it imports', ({ name, folder }) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const declared = [
      ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }),
      ...typesOnly,
    ]
    const used = sources(join(folder, 'src'))
      .filter((file) => !isTest(file))
      .flatMap(imports)
      .map(({ from }) => from)
      .filter((from) => !from.startsWith('.') && !from.startsWith('node:') && !builtinModules.includes(from))
      .map((from) =>
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    expect(
      [...new Set(used)].filter((from) => from !== `@mate-bench/${name}` && !declared.includes(from)),
    ).toEqual([])
    // What is declared is used: in a style sheet, a configuration or a script as well.
    const texts = [...sources(join(folder, 'src')), ...others(folder)].map((file) =>
      readFileSync(file, 'utf8'),
    )
    const unused = Object.keys(manifest.dependencies ?? {}).filter(
      (dependency) => !peers.includes(dependency) && !texts.some((text) => text.includes(dependency)),
    )
    expect(unused).toEqual([])
    for (const [dependency, version] of Object.entries(manifest.dependencies ?? {})) {
      expect(`${dependency}@${version}`).toMatch(/@\d+\.\d+\.\d+$/)
    }
  })

  it.each(pure)('%s runs in a browser', (folder) => {
    const files = sources(join(root, folder)).filter((file) => !isTest(file))
    expect(files.length).toBeGreaterThan(0)
    const broken = files
      .flatMap(imports)
      .filter(
        ({ from }) =>
          from.startsWith('node:') || builtinModules.includes(from) || from.startsWith('@tensorflow/'),
      )
    expect(broken).toEqual([])
  })

  it.each(inBrowser)('%s leads to no Node built-in', (entry) => {
    const files = reachableFrom(join(root, entry))
    // Learner, loader, kernels of both backends and every method are among them.
    expect(files.size).toBeGreaterThan(150)
    const broken = [...files]
      .flatMap(valueImports)
      .filter(({ from }) => from.startsWith('node:') || builtinModules.includes(from))
    expect(broken).toEqual([])
  })

  it('infra imports no room', () => {
    const files = sources(join(root, 'infra')).filter((file) => !file.includes('/infra/test/'))
    expect(files.length).toBeGreaterThan(5)
    expect(files.flatMap(imports).filter(({ from }) => from.startsWith('@mate-bench/'))).toEqual([])
  })

  it('sees the imports that are there', () => {
    const own = imports(fileURLToPath(import.meta.url)).map(({ from }) => from)
    expect(own).toEqual(['node:fs', 'node:module', 'node:path', 'node:url', 'vitest'])
  })
})

describe('the repository', () => {
  const files = [
    ...rooms.flatMap(({ folder }) => sources(folder)),
    ...sources(join(root, 'test')),
    ...sources(join(root, 'infra')),
  ]

  it('keeps its files short enough to be read in one sitting', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400)
    expect(long.map((file) => relative(root, file))).toEqual([])
  })

  it('writes numbers for people in one module', () => {
    // What becomes a number again is rounded, not written.
    const written =
      /(?<!\bNumber\(.*)\.(toFixed|toPrecision|toExponential|toLocaleString)\(|Intl\.NumberFormat/
    const own = join(root, 'packages/schema/src/numbers.ts')
    const byHand = files
      .filter((file) => file !== own && !isTest(file) && !file.startsWith(join(root, 'test')))
      .flatMap((file) =>
        readFileSync(file, 'utf8')
          .split('\n')
          .flatMap((line, i) => (written.test(line) ? [`${relative(root, file)}:${i + 1}`] : [])),
      )
    expect(byHand).toEqual([])
  })
})
