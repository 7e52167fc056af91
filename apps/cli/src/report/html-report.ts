import type { TrackReport } from '@mate-bench/harness/entries'
import { html } from './html.ts'
import { plural } from './page-numbers.ts'
import { savedPage } from './saved-page.ts'
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
  return savedPage({
    title: `MATE Bench report: ${names}`,
    heading: 'Multi-exit classifiers, every exit measured',
    kicker: 'MATE Bench',
    lead: html`<p>${plural(runs, 'run')} in ${entries === 1 ? '1 entry' : `${entries} entries`} on ${names}. An entry is the runs of one spec over its seeds; an exit is one of the network's classifiers, the first the cheapest. Every number here was computed from the runs' predictions and can be checked by the commands below each entry.</p>`,
    body: html`${tracks.map(trackSection)}`,
    madeBy: 'mate-bench report',
  })
}
