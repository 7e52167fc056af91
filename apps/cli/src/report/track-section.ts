import { entryStyles, legendMark, mostColoured, type SeriesStyle, seriesColour } from '@mate-bench/charts'
import type { ClassifierReport, EntryReport, TrackReport } from '@mate-bench/harness/entries'
import { trackChart } from './accuracy-chart.ts'
import { chartFigure } from './chart-figure.ts'
import { entrySection } from './entry-section.ts'
import { Html, html } from './html.ts'
import { integer, intervalText, percent, plural, si } from './page-numbers.ts'
import { notes } from './track-text.ts'

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
${chartFigure(trackChart(report, `${id}-chart`), 'One line per entry, one mark per exit; bars are 95\u202f% intervals. Colours stand for methods. Entries of equal cost are drawn side by side. FLOPs = 2 x MACs, backbone and all heads up to the exit.')}
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

function table({ entries, track }: TrackReport, hrefOf: FrameOptions['hrefOf']): Html {
  const styles = stylesOf(entries.slice(0, mostColoured))
  return html`<p class="soft">Every exit of every entry; n is the number of seeds.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Table of ${track.dataset}">
<table>
<thead><tr><th scope="col" class="number">rank</th><th scope="col">entry</th><th scope="col">method</th><th scope="col" class="number">n</th><th scope="col" class="number">exit</th><th scope="col" class="number">top-1 (%)</th><th scope="col">95\u202f% interval</th><th scope="col" class="number">MACs</th><th scope="col" class="number">FLOPs</th><th scope="col" class="number">params</th></tr></thead>
${entries.map((entry) => tableBody(entry, styles.get(entry), hrefOf?.(entry)))}
</table></div>`
}

/** How entries look in the chart. */
function stylesOf(entries: readonly EntryReport[]): ReadonlyMap<EntryReport, SeriesStyle> {
  const styles = entryStyles(
    entries.map(({ experimentDigest, method }) => ({ id: experimentDigest, method })),
  )
  return new Map(
    entries.flatMap((entry) => {
      const style = styles.get(entry.experimentDigest)
      if (!style) return []
      return [[entry, entry.exits.length === 1 ? { ...style, symbol: 'alone' } : style] as const]
    }),
  )
}

function tableBody(entry: EntryReport, style: SeriesStyle | undefined, href: string | undefined): Html {
  const last = entry.exits.at(-1)
  const name = href === undefined ? entry.name : html`<a href="${href}">${entry.name}</a>`
  const head = html`<td class="number" rowspan="${entry.exits.length + 1}">${entry.ranking.rank ?? '–'}</td><th scope="rowgroup" rowspan="${entry.exits.length + 1}">${style ? swatch(style) : ''}${name}</th><td rowspan="${entry.exits.length + 1}">${entry.method}</td><td class="number" rowspan="${entry.exits.length + 1}">${entry.seeds.length}</td>`
  const exits = entry.exits.map(
    (exit, i) =>
      html`<tr${exit === last ? new Html(' class="last-exit"') : ''}>${i === 0 ? head : ''}<td class="number">${exit.k}</td>${accuracyCells(exit)}<td class="number">${si(exit.sequentialMacs)}</td><td class="number">${si(2 * exit.sequentialMacs)}</td><td class="number">${si(exit.parameters)}</td></tr>`,
  )
  const all = last?.sequentialMacs ?? 0
  return html`<tbody data-entry="${entry.experimentDigest}">${exits}<tr><td class="number">all</td>${accuracyCells(entry.ensemble)}<td class="number">${si(all)}</td><td class="number">${si(2 * all)}</td><td class="number">${si(entry.parameters)}</td></tr></tbody>`
}

function accuracyCells(report: ClassifierReport): Html {
  const star = report.interval.seedShare === 'own' ? '' : ' (one seed)'
  return html`<td class="number">${percent(report.top1.mean)}</td><td class="interval">${intervalText(report.interval)}${star}</td>`
}

/** How the entry is drawn in the chart. */
function swatch(style: SeriesStyle): Html {
  return html`<span class="swatch">${new Html(legendMark(style, seriesColour(style.colour)))}</span>`
}
