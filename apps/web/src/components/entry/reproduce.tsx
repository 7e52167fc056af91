import type { Manifest } from '@mate-bench/schema'
import { siteUrl } from '../../data/site-url.ts'
import { CodeBlock } from '../code-block.tsx'

/** The commands that repeat a run and check the published one. */
export function Reproduce({ manifest }: { manifest: Manifest }) {
  const { runId, seed, environment, code } = manifest
  const lines = [
    ...(code.commit === null ? [] : [`git checkout ${code.commit}`]),
    `curl -fsSO ${new URL(`/runs/${runId}/files/spec.json`, siteUrl()).href}`,
    `npx mate-bench run spec.json --seeds ${seed} --backend ${environment.backend.name}`,
    'npx mate-bench verify runs',
  ]
  return <CodeBlock label="Commands that reproduce it">{lines.join('\n')}</CodeBlock>
}
