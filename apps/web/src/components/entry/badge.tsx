import { siteUrl } from '../../data/site-url.ts'
import { CodeBlock } from '../code-block.tsx'

/** The badge of an entry, and what to paste where it shall stand. */
export function Badge({ id, name }: { id: string; name: string }) {
  const path = `/api/v1/badges/${id}.svg`
  const image = new URL(path, siteUrl()).href
  const page = new URL(`/entries/${id}`, siteUrl()).href
  return (
    <div className="mt-4 space-y-2">
      {/* biome-ignore lint/performance/noImgElement: an SVG of our own, nothing to optimise */}
      <img src={path} alt={`Badge of ${name}`} height={20} className="h-5" />
      <CodeBlock label="Markdown of the badge">{`[![MATE Bench](${image})](${page})`}</CodeBlock>
    </div>
  )
}
