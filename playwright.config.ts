import { defineConfig } from '@playwright/test'

const sitePort = 4317

/** Browser tests. The browser is the system's Chromium: nothing is downloaded. */
export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results/browser',
  fullyParallel: false,
  workers: 1,
  retries: process.env.CI ? 2 : 0,
  reporter: 'list',
  use: {
    launchOptions: {
      executablePath: process.env.MATE_BENCH_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    },
  },
  projects: [
    { name: 'report', testMatch: 'report.spec.ts' },
    {
      name: 'site',
      testMatch: 'site*.spec.ts',
      use: { baseURL: `http://localhost:${sitePort}` },
    },
  ],
  // Trains, publishes and builds before it answers. Not needed by `--project report`, which needs no site.
  ...(process.argv.some((argument) => /^(--project=)?report$/.test(argument))
    ? {}
    : {
        webServer: {
          command: `npx tsx test/browser/serve-site.ts ${sitePort}`,
          url: `http://localhost:${sitePort}/api/v1/ready`,
          timeout: 300_000,
          gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 20_000 },
        },
      }),
})
