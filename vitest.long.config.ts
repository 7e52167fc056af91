import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Apart from `npm test`. Those under infra need SST's platform (`npm run infra:install`), whose components keep state of
// their own, so a process a file; the others train, or kill processes that do, for most of a minute each.
export default defineConfig({
  test: {
    include: ['infra/**/*.test.ts', 'test/cloud/**/*.test.ts', 'test/long/**/*.test.ts'],
    pool: 'forks',
    env: {
      // As the programs in `bin` have it.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // No run of a test is signed by whoever runs it, unless the test makes a key of its own.
      MATE_BENCH_CONFIG: join(tmpdir(), 'mate-bench-tests-without-keys'),
    },
    isolate: true,
    // Vitest would leave a core idle; the tests' own processes wait some of the time.
    maxWorkers: availableParallelism(),
    // Where other work shares the machine, a process may come too late for its signal.
    retry: process.env.CI ? 2 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
