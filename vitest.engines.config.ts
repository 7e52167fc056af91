import { defineConfig } from 'vitest/config'

// What trains on native engines (`mate-bench engine add`). Apart from `npm test`, which needs none.
export default defineConfig({
  test: {
    include: ['test/engines/**/*.test.ts', 'packages/backends/src/{tensorflow,native}/**/*.test.ts'],
    // A process a file: a native library is loaded once in the life of a process, with one setting.
    pool: 'forks',
    isolate: true,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: process.env.CI ? 1 : 0,
  },
})
