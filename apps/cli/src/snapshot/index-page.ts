import { type Html, html } from '../report/html.ts'
import { integer, plural } from '../report/page-numbers.ts'
import { trackFrame } from '../report/track-section.ts'
import { entryFile } from './entry-page.ts'
import { snapshotPage } from './page.ts'
import type { SnapshotContent } from './write-snapshot.ts'

/** The board of every track, the ledger's head, and where everything else is. */
export function indexPage(content: SnapshotContent): string {
  const { tracks, takenAt } = content
  const boards = tracks.map((track, i) =>
    trackFrame(track, i, { inside: [], hrefOf: (entry) => `entries/${entryFile(track, entry)}` }),
  )
  return snapshotPage({
    title: 'Multi-exit classifiers, every exit measured',
    kicker: html`MATE Bench, snapshot of ${takenAt.toISOString().slice(0, 10)}`,
    lead: html`<p>Everything that was public at one moment, for an archive to keep: it needs no server. Numbers follow from the published predictions, and a ledger shows which runs were started.</p>`,
    body: html`${boards.length === 0 ? html`<p class="card">No run is published yet.</p>` : boards}
${exportsSection(content)}
${ledgerSection(content)}`,
  })
}

function exportsSection({ papers }: SnapshotContent): Html {
  const links = [
    ['board.csv', 'the boards above, a row an exit'],
    ['board.json', 'the same with intervals and runs'],
    [
      'data/export.json',
      html`index of every table, for <code>mate-bench db import data</code>; with ${integer(papers)} numbers of papers`,
    ],
    ['data/tables/runs.parquet', 'one of the tables, each as JSON, CSV and Parquet'],
    ['README.txt', 'what is here, and how to check it'],
  ] as const
  return html`<section class="card" aria-labelledby="exports"><h2 id="exports" style="margin-top:0">Exports</h2>
<ul>${links.map(([path, what]) => html`<li><a href="${path}">${path}</a>: ${what}</li>`)}</ul></section>`
}

function ledgerSection({ published: { head, envelope } }: SnapshotContent): Html {
  const key = envelope?.signatures[0]?.keyid
  return html`<section class="card" aria-labelledby="ledger"><h2 id="ledger" style="margin-top:0">Ledger</h2>
<p>Every run that was started, and what became of it: ${plural(head.treeSize, 'event')} in a Merkle tree (RFC 9162).</p>
<dl>
<dt>root</dt><dd><code>${head.rootHash}</code></dd>
<dt>last event</dt><dd>${head.at ?? 'none yet'}</dd>
<dt>signed by</dt><dd>${key === undefined ? 'nobody: it was taken without the site’s key' : html`<code>${key}</code>`}</dd>
</dl>
<p><a href="ledger/head.json">head.json</a>, <a href="ledger/events.jsonl">events.jsonl</a></p></section>`
}
