import { defineConfig } from '@playwright/test'
export default defineConfig({ testDir: 'test/browser', outputDir: '/tmp/try/results', workers: 1, reporter: 'list', use: { baseURL: 'http://localhost:4617', launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] } }, projects: [{ name: 'site', testMatch: 'site-try.spec.ts' }] })
