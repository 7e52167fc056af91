import { siteUrl } from '../../data/site-url.ts'
import type { Citation } from '../../view/citation.ts'
import { escapeXml } from '../../view/escape-xml.ts'
import { CodeBlock } from '../code-block.tsx'

interface CiteViewProps {
  readonly citation: Citation
  /** Address of the chart's own page on this site; absent where the view has no chart. */
  readonly embed?: { readonly path: string; readonly title: string }
}

/** What to copy to cite a view, to link to it, and to show its chart elsewhere. */
export function CiteView({ citation: { text, href, short, bibtex }, embed }: CiteViewProps) {
  return (
    <div className="space-y-3">
      <Copied label="Link">{short}</Copied>
      <Copied label="Citation" wraps>{`${text}. ${href}`}</Copied>
      <Copied label="BibTeX">{bibtex}</Copied>
      {embed ? <Copied label="Chart, for a web page">{iframe(embed)}</Copied> : null}
    </div>
  )
}

interface CopiedProps {
  readonly label: string
  readonly wraps?: boolean
  readonly children: string
}

function Copied({ label, wraps = false, children }: CopiedProps) {
  return (
    <div>
      <p className="mb-1 text-[0.87rem] text-soft">{label}</p>
      <CodeBlock label={label} wraps={wraps}>
        {children}
      </CodeBlock>
    </div>
  )
}

function iframe({ path, title }: { path: string; title: string }): string {
  const src = escapeXml(new URL(path, siteUrl()).href)
  return `<iframe src="${src}" title="${escapeXml(title)}" width="100%" height="720" style="border:0" loading="lazy"></iframe>`
}
