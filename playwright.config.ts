import { defineConfig } from '@playwright/test'

/** Browser tests. The browser is the system's Chromium: nothing is downloaded. */
export default defineConfig({
  testDir: 'test/browser',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  reporter: 'list',
  use: {
    launchOptions: {
      executablePath: process.env.MATE_BENCH_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    },
  },
})
