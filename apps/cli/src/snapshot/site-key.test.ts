import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSigningKey, formatKey, newKey } from '@mate-bench/harness/signing'
import { expect, it } from 'vitest'
import { siteKey } from './site-key.ts'

it('is the key that was handed over, never the operator’s own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'site-key-'))
  const own = { MATE_BENCH_CONFIG: folder }
  createSigningKey('operator', own)
  expect(siteKey(own)).toBeUndefined()
  const site = newKey('site')
  expect(siteKey({ ...own, MATE_BENCH_SIGNING_KEY: formatKey(site) })?.keyId).toBe(site.keyId)
  rmSync(folder, { recursive: true })
})
