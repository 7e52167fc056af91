import { createHash } from 'node:crypto'

/** The bundle of `src/page-script`, which `next.config.ts` makes when the site is built. */
const code = process.env.MATE_BENCH_PAGE_SCRIPT ?? ''

/** It is kept for good under its digest. */
export const pageScript = {
  code,
  path: `/scripts/${createHash('sha256').update(code).digest('base64url').slice(0, 20)}.js`,
}
