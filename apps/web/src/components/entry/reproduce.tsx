import type { Manifest } from '@mate-bench/schema'
import { siteUrl } from '../../data/site-url.ts'
import { originNote } from '../../view/origin-note.ts'
import { CodeBlock } from '../code-block.tsx'

/** For each run the one command that trains it again and compares, and which code it was trained with. */
export function Reproduce({ manifests }: { manifests: readonly Manifest[] }) {
  const notes = [...new Set(manifests.map(originNote))]
  return (
    <div className="space-y-3">
      {manifests.map(({ runId, seed }) => (
        <CodeBlock key={runId} label={`Command that reproduces seed ${seed}`}>
          {`npx mate-bench reproduce ${new URL(`/runs/${runId}`, siteUrl()).href}`}
        </CodeBlock>
      ))}
      {notes.map((note) => (
        <p key={note} className="max-w-[80ch] text-[0.92rem] text-soft wrap-anywhere">
          {notes.length > 1 ? `${seedsOf(manifests, note)}: ` : ''}
          {note}
        </p>
      ))}
    </div>
  )
}

function seedsOf(manifests: readonly Manifest[], note: string): string {
  const seeds = manifests.filter((manifest) => originNote(manifest) === note).map(({ seed }) => seed)
  return `Seed${seeds.length > 1 ? 's' : ''} ${seeds.join(', ')}`
}
