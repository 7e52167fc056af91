import type { TrackReport } from '@mate-bench/harness/entries'
import { chartScript } from './chart-script.ts'
import { Html, html } from './html.ts'
import { plural } from './page-numbers.ts'
import { pageStyle } from './page-style.ts'
import { trackSection } from './track-section.ts'

/**
 * One page that needs nothing else: no request, and no script but its own, which only its charts need. Everything that comes from a run is escaped. The same runs
 * give the same bytes.
 */
export function renderHtmlReport(tracks: readonly TrackReport[]): string {
  const entries = tracks.reduce((sum, track) => sum + track.entries.length, 0)
  const runs = tracks.reduce(
    (sum, track) => sum + track.entries.reduce((inner, entry) => inner + entry.runs.length, 0),
    0,
  )
  const names = tracks.map(({ track }) => track.dataset).join(', ')
  const title = `MATE Bench report: ${names}`
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
<p class="kicker">MATE Bench</p>
<h1>Multi-exit classifiers, every exit measured</h1>
<p>${plural(runs, 'run')} in ${entries === 1 ? '1 entry' : `${entries} entries`} on ${names}. An entry is the runs of one spec over its seeds; an exit is one of the network's classifiers, the first the cheapest. Every number here was computed from the runs' predictions and can be checked by the commands below each entry.</p>
</header>
<main>
${tracks.map(trackSection)}
</main>
<footer>Made by <code>mate-bench report</code>. This page loads nothing from anywhere.</footer>
${script.markup}
</body>
</html>
`.markup
}
