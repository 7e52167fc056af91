import type { EntryReport, LoadedRun, TrackReport } from '@mate-bench/harness/entries'
import { entrySection } from '../report/entry-section.ts'
import { type Html, html } from '../report/html.ts'
import { integer } from '../report/page-numbers.ts'
import { begunSection } from './begun-section.ts'
import { checksSection } from './checks-section.ts'
import { snapshotPage } from './page.ts'
import type { SnapshotContent } from './write-snapshot.ts'

const digits = (digest: string) => digest.slice('sha256:'.length, 'sha256:'.length + 12)

/** The name of an entry's page, which follows from what it is. */
export function entryFile({ track }: TrackReport, { experimentDigest }: EntryReport): string {
  return `${track.dataset}-${digits(track.digest)}-${digits(experimentDigest)}.html`
}

/** Everything about one entry: charts, metrics, its begun runs, how checks ended, and the files of the published ones. */
export function entryPage(
  { track }: TrackReport,
  entry: EntryReport,
  { begun, verdicts }: SnapshotContent,
): string {
  const runIds = new Set(entry.runs.map(({ manifest }) => manifest.runId))
  const own = begun.filter(({ experimentDigest }) => experimentDigest === entry.experimentDigest)
  return snapshotPage({
    title: entry.name,
    kicker: html`<a href="../index.html">MATE Bench, snapshot</a>`,
    lead: html`<p>${entry.method} on ${entry.backbone}, ${track.dataset}.</p>`,
    body: html`${entrySection(entry, 'entry')}
<section class="card" aria-labelledby="begun"><h3 id="begun" style="margin-top:0">Begun runs</h3>${begunSection(own)}</section>
<section class="card" aria-labelledby="checks"><h3 id="checks" style="margin-top:0">Checks</h3>${checksSection(verdicts.filter(({ runId }) => runIds.has(runId)))}</section>
<section class="card" aria-labelledby="files"><h3 id="files" style="margin-top:0">Files</h3>
<p class="soft">Under their SHA-256, so that a file can be checked by its name.</p>
${entry.runs.map(filesOf)}</section>`,
  })
}

function filesOf({ manifest }: LoadedRun): Html {
  const rows = manifest.artifacts.map(
    ({ file, bytes, sha256 }) =>
      html`<tr><td><a href="../data/artifacts/sha256/${sha256.slice(0, 2)}/${sha256}" download="${file}">${file}</a></td><td class="number">${integer(bytes)}</td><td class="wrap"><code>${sha256}</code></td></tr>`,
  )
  return html`<h4>Seed ${manifest.seed}, <code>${manifest.runId}</code></h4>
<div class="scroll" role="region" tabindex="0" aria-label="Files of seed ${manifest.seed}"><table>
<thead><tr><th scope="col">file</th><th scope="col" class="number">bytes</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${rows}</tbody></table></div>`
}
