import { chartScript } from '../report/chart-script.ts'
import { Html, html } from '../report/html.ts'
import { pageStyle } from '../report/page-style.ts'

interface PageOptions {
  readonly title: string
  readonly kicker: Html
  readonly lead: Html
  readonly body: Html
}

/** A page that loads nothing from anywhere. */
export function snapshotPage({ title, kicker, lead, body }: PageOptions): string {
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
<h1>${title}</h1>
${lead}
</header>
<main>
${body}
</main>
<footer>Made by <code>mate-bench snapshot</code>. This page loads nothing from anywhere.</footer>
${script.markup}
</body>
</html>
`.markup
}
