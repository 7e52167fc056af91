import { createHash } from 'node:crypto'
import { type ChartModel, chartMarkup } from '@mate-bench/charts'
import { escapeXml } from '../view/escape-xml.ts'
import { parseTheme } from '../view/theme.ts'

/** A chart with its citation, for the pages of others. */
export interface EmbedContent {
  /** What is shown, in a few words. */
  readonly title: string
  readonly chart: ChartModel
  /** What to know before reading it, in a sentence. */
  readonly note: string
  /** Plain text, without its address. */
  readonly citation: string
  /** Of the view on this site, absolute. */
  readonly href: string
}

const style = `${process.env.MATE_BENCH_CHART_STYLE ?? ''}
:root {
  color-scheme: light dark; --chart-surface: var(--page);
  --page: light-dark(#fff, #17181c); --ink: light-dark(#17181b, #e8e9ed);
  --soft: light-dark(#585b63, #a2a6b0); --accent: light-dark(#0b5a8f, #7cc0ee);
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
body { margin: 0; padding: 12px 16px; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 72rem; margin: auto; }
h1 { margin: 0 0 10px; font-size: 1.05rem; line-height: 1.3; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: 0.18em; }
p { margin: 8px 0 0; color: var(--soft); font-size: 0.87rem; overflow-wrap: anywhere; }
`

/** Anybody may frame it, and nothing in it runs: its style is named by its digest, all else is refused. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "style-src-attr 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  'frame-ancestors *',
].join('; ')

/**
 * A page of its own without a script, to stand in an `<iframe>`.
 *
 * @param request may ask for `theme=light` or `dark`; without, the reader's device chooses
 */
export function embedPage(request: Request, content: EmbedContent): Response {
  const theme = parseTheme(new URL(request.url).searchParams.get('theme') ?? undefined)
  const { title, chart, note, citation, href } = content
  const link = escapeXml(href)
  const html = `<!doctype html>
<html lang="en"${theme === 'system' ? '' : ` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeXml(title)} | MATE Bench</title>
<link rel="canonical" href="${link}">
<style>${style}</style>
</head>
<body>
<main>
<h1><a href="${link}" target="_blank" rel="noopener">${escapeXml(title)}</a></h1>
${chartMarkup(chart)}
<p>${escapeXml(note)}</p>
<p>${escapeXml(citation)}. <a href="${link}" target="_blank" rel="noopener">${escapeXml(shortAddress(href))}</a></p>
</main>
</body>
</html>
`
  return new Response(html, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
  })
}

/** For a chart that does not exist: framed like the others, so that the reader learns of it. */
export function noEmbed(): Response {
  return new Response('There is no such chart.\n', {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'content-security-policy': policy },
  })
}

/** Without the protocol, which nobody reads. */
function shortAddress(href: string): string {
  return href.replace(/^https?:\/\//, '')
}
