import { defineConfig } from 'vitest/config'

// Apart from `npm test`: these need SST's platform (`npm run infra:install`). SST's components keep state of their
// own, so a process a file.
export default defineConfig({
  test: {
    include: ['infra/**/*.test.ts'],
    pool: 'forks',
    isolate: true,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
