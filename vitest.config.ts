import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'functions/*/src/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', 'test/{browser,cloud,engines,image,long}/**'],
    pool: 'forks',
    env: {
      // As the programs in `bin` have it.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // No run of a test is signed by whoever runs it, unless the test makes a key of its own.
      MATE_BENCH_CONFIG: join(tmpdir(), 'mate-bench-tests-without-keys'),
    },
    // Vitest would leave a core idle; the tests' own processes wait most of the time.
    maxWorkers: availableParallelism(),
    // Where other work shares the machine, a process may come too late for its signal.
    retry: process.env.CI ? 2 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
