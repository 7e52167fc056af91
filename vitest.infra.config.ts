import { defineConfig } from 'vitest/config'

// Apart from `npm test`: the first need SST's platform (`npm run infra:install`), whose components keep state of their
// own, so a process a file; the others train in processes for most of a minute.
export default defineConfig({
  test: {
    include: ['infra/**/*.test.ts', 'test/cloud/**/*.test.ts'],
    pool: 'forks',
    // As the programs in `bin` have it.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    isolate: true,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
