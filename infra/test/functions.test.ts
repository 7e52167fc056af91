import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from './synth.ts'

/** Those that the rules want the graph to name. */
const handlers = ['launch', 'reconcile', 'batch-events']
const folder = mkdtempSync(join(tmpdir(), 'mate-bench-bundles-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeAll(async () => {
  // As SST bundles functions: each alone in its file, nothing of the repository beside it.
  await build({
    entryPoints: Object.fromEntries(
      handlers.map((name) => [name, join(root, `functions/${name}/src/handler.ts`)]),
    ),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire as topLevelCreateRequire } from 'node:module'
const require = topLevelCreateRequire(import.meta.url)`,
    },
    logLevel: 'silent',
  })
})

it.each(handlers)('functions/%s can be bundled, and loads without the repository', async (name) => {
  const loaded: { handler?: unknown } = await import(pathToFileURL(join(folder, `${name}.mjs`)).href)
  expect(loaded.handler).toBeTypeOf('function')
})
