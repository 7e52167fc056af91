import { defineConfig } from 'vitest/config'

// Apart from all others: these build the training image, which needs root, Debian's buildah and mmdebstrap, and some minutes.
export default defineConfig({
  test: {
    include: ['test/image/**/*.test.ts'],
    pool: 'forks',
    // As the programs in `bin` have it.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // Where other work shares the machine, a process may come too late for its signal.
    retry: process.env.CI ? 2 : 0,
    testTimeout: 300_000,
    // An image is built within one.
    hookTimeout: 1_200_000,
  },
})
