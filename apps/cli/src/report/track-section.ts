import { aloneSymbol, seriesColour, seriesSymbol, symbolPath } from '@mate-bench/charts'
import type { ClassifierReport, EntryReport, TrackReport } from '@mate-bench/harness/entries'
import { integer, plural, si } from '@mate-bench/worker/numbers'
import { accuracyChart } from './accuracy-chart.ts'
import { entrySection } from './entry-section.ts'
import { Html, html } from './html.ts'
import { intervalText, notes } from './track-text.ts'

/** One track: the chart, its table twin, and a section for each entry. */
export function trackSection(report: TrackReport, index: number): Html {
  return trackFrame(report, index, {
    inside: report.entries.map((entry, i) => entrySection(entry, `${trackId(index)}-entry-${i + 1}`)),
  })
}

interface FrameOptions {
  /** What stands between the table and what must be equal. */
  readonly inside: readonly Html[]
  /** Where the page of an entry is; without it names are no links. */
  readonly hrefOf?: ((entry: EntryReport) => string) | undefined
}

const trackId = (index: number) => `track-${index + 1}`

/** One track: the chart, its table twin, and whatever is put inside. */
export function trackFrame(report: TrackReport, index: number, { inside, hrefOf }: FrameOptions): Html {
  const { track, entries } = report
  const { train, validation, test } = track.splits
  const id = trackId(index)
  return html`
<section aria-labelledby="${id}">
<h2 id="${id}">${track.dataset}</h2>
<p class="soft">${integer(train.count)} training, ${integer(validation.count)} validation and ${integer(test.count)} test images of ${track.preprocessing.imageShape.join(' x ')}; ${plural(entries.length, 'entry').replace('entrys', 'entries')}. Only entries of one track share a table.</p>
<div class="card">
<h3 style="margin-top:0">Accuracy against FLOPs</h3>
${chart(report, id)}
</div>
<div class="card">${table(report, hrefOf)}
<ul class="notes">${notes(report).map((note) => html`<li>${note}</li>`)}</ul>
</div>
${inside}
<details class="card"><summary>Track: what must be equal to compare</summary>
<dl>
<dt>digest</dt><dd><code>${track.digest}</code></dd>
<dt>training split</dt><dd><code>${train.digest}</code></dd>
<dt>validation split</dt><dd><code>${validation.digest}</code></dd>
<dt>test split</dt><dd><code>${test.digest}</code></dd>
<dt>normalisation</dt><dd>mean ${track.preprocessing.mean.join(', ')}; standard deviation ${track.preprocessing.std.join(', ')}</dd>
<dt>cost convention</dt><dd>${track.costConvention}: multiply-accumulates of convolution and linear layers</dd>
</dl></details>
</section>`
}

function chart(report: TrackReport, id: string): Html {
  const draw = (form: 'wide' | 'narrow', width: number) =>
    html`<div class="${form}">${new Html(accuracyChart(report, { id: `${id}-${form}`, width }))}</div>`
  return html`<figure class="chart">${draw('wide', 1040)}${draw('narrow', 380)}
<figcaption>A line an entry, a mark an exit; bars are 95 % intervals. Entries of equal cost are set side by side. FLOPs = 2 x MACs, backbone and all heads up to the exit.</figcaption></figure>`
}

function table({ entries, track }: TrackReport, hrefOf: FrameOptions['hrefOf']): Html {
  return html`<p class="soft">Every exit of every entry; n is the number of seeds.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Table of ${track.dataset}">
<table>
<thead><tr><th scope="col" class="number">rank</th><th scope="col">entry</th><th scope="col">method</th><th scope="col" class="number">n</th><th scope="col" class="number">exit</th><th scope="col" class="number">top-1 (%)</th><th scope="col">95 % interval</th><th scope="col" class="number">MACs</th><th scope="col" class="number">FLOPs</th><th scope="col" class="number">params</th></tr></thead>
${entries.map((entry, i) => tableBody(entry, i, hrefOf?.(entry)))}
</table></div>`
}

function tableBody(entry: EntryReport, index: number, href: string | undefined): Html {
  const last = entry.exits.at(-1)
  const name = href === undefined ? entry.name : html`<a href="${href}">${entry.name}</a>`
  const head = html`<td class="number" rowspan="${entry.exits.length + 1}">${entry.ranking.rank ?? '–'}</td><th scope="rowgroup" rowspan="${entry.exits.length + 1}">${swatch(index, entry.exits.length === 1)}${name}</th><td rowspan="${entry.exits.length + 1}">${entry.method}</td><td class="number" rowspan="${entry.exits.length + 1}">${entry.seeds.length}</td>`
  const exits = entry.exits.map(
    (exit, i) =>
      html`<tr${exit === last ? new Html(' class="last-exit"') : ''}>${i === 0 ? head : ''}<td class="number">${exit.k}</td>${accuracyCells(exit)}<td class="number">${si(exit.sequentialMacs)}</td><td class="number">${si(2 * exit.sequentialMacs)}</td><td class="number">${si(exit.parameters)}</td></tr>`,
  )
  const all = last?.sequentialMacs ?? 0
  return html`<tbody>${exits}<tr><td class="number">all</td>${accuracyCells(entry.ensemble)}<td class="number">${si(all)}</td><td class="number">${si(2 * all)}</td><td class="number">${si(entry.parameters)}</td></tr></tbody>`
}

function accuracyCells(report: ClassifierReport): Html {
  const star = report.interval.seedShare === 'own' ? '' : ' (one seed)'
  return html`<td class="number">${(100 * report.top1.mean).toFixed(2)}</td><td class="interval">${intervalText(report.interval)}${star}</td>`
}

/** The entry's colour and mark in the chart. */
/** @param alone a network of one exit, which the chart draws hollow */
function swatch(index: number, alone: boolean): Html {
  if (alone) {
    return html`<svg class="swatch" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true"><path d="${symbolPath(aloneSymbol, 80)}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>`
  }
  return html`<svg class="swatch" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true"><path d="${symbolPath(seriesSymbol(index), 80)}" fill="${seriesColour(index)}"/></svg>`
}
