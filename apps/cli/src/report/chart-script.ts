import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { Html } from './html.ts'

export interface ChartScript {
  readonly markup: Html
  /** What a content security policy says of it: this script and no other. */
  readonly source: string
}

let made: ChartScript | undefined

/** The script that makes the charts of a saved page ones that can be touched: inline, since the page loads nothing. */
export function chartScript(): ChartScript {
  made ??= makeScript()
  return made
}

function makeScript(): ChartScript {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(import.meta.resolve('@mate-bench/charts/touch-page'))],
    ...{ bundle: true, minify: true, format: 'iife', target: 'es2022', charset: 'utf8', write: false },
  })
  const code = (outputFiles[0]?.text ?? '').trim().replaceAll('</', '<\\/')
  const digest = createHash('sha256').update(code).digest('base64')
  return { markup: new Html(`<script>${code}</script>`), source: `'sha256-${digest}'` }
}
