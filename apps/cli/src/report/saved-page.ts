import { chartScript } from './chart-script.ts'
import { Html, html } from './html.ts'
import { pageStyle } from './page-style.ts'

interface SavedPage {
  readonly title: string
  /** Of the page itself. @default the title */
  readonly heading?: string
  /** Above the heading. */
  readonly kicker: Html | string
  readonly lead: Html
  readonly body: Html
  /** The command that writes it. */
  readonly madeBy: string
}

/**
 * A page that needs nothing else: no request, and no script but its own, which only its charts need. Equal input gives the
 * same bytes.
 */
export function savedPage({ title, heading = title, kicker, lead, body, madeBy }: SavedPage): string {
  const script = chartScript()
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${new Html(script.source)}; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(pageStyle)}</style>
</head>
<body>
<header>
<p class="kicker">${kicker}</p>
<h1>${heading}</h1>
${lead}
</header>
<main>
${body}
</main>
<footer>Made by <code>${madeBy}</code>. This page loads nothing from anywhere.</footer>
${script.markup}
</body>
</html>
`.markup
}
