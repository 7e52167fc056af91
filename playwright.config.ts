import { defineConfig } from '@playwright/test'

const sitePort = 4317
const cloudPort = 4318

/** Each is started only where its tests run: it trains, publishes and builds before it answers. */
const servers = [
  { project: 'site', server: serve('serve-site.ts', sitePort) },
  { project: 'cloud', server: serve('serve-cloud.ts', cloudPort) },
]

function serve(program: string, port: number) {
  return {
    command: `npx tsx test/browser/${program} ${port}`,
    url: `http://localhost:${port}/api/v1/ready`,
    timeout: 300_000,
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 20_000 },
  }
}

/** True where a project is asked for by `--project`, or none is. */
function asked(project: string): boolean {
  const wanted = process.argv.flatMap((argument, at) => {
    if (argument === '--project') return process.argv[at + 1] ?? []
    return argument.startsWith('--project=') ? argument.slice('--project='.length) : []
  })
  return wanted.length === 0 || wanted.includes(project)
}

/** Browser tests. The browser is the system's Chromium: nothing is downloaded. */
export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results/browser',
  fullyParallel: false,
  workers: 2,
  retries: process.env.CI ? 2 : 0,
  reporter: 'list',
  use: {
    launchOptions: {
      executablePath: process.env.MATE_BENCH_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    },
  },
  // Tests of one project share a server and what is in its database, so they come one after the other.
  projects: [
    { name: 'report', testMatch: 'report.spec.ts', workers: 1 },
    {
      name: 'site',
      testMatch: 'site*.spec.ts',
      workers: 1,
      use: { baseURL: `http://localhost:${sitePort}` },
    },
    {
      name: 'cloud',
      testMatch: 'cloud.spec.ts',
      workers: 1,
      use: { baseURL: `http://localhost:${cloudPort}` },
    },
  ],
  webServer: servers.filter(({ project }) => asked(project)).map(({ server }) => server),
})
