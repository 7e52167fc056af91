import type { EntryReport, ExitReport, LoadedRun } from '@mate-bench/harness/entries'
import { entryCharts } from './entry-charts.ts'
import { Html, html } from './html.ts'
import { decimal, duration, integer, percent, percentText, si } from './page-numbers.ts'
import {
  boundText,
  costText,
  lossText,
  riskControlNote,
  riskControlOf,
  riskControlTitle,
  settingsText,
} from './risk-control-text.ts'
import { seedsText } from './track-text.ts'

/** Everything about one entry: all metrics of each exit, charts, runs, how to check and repeat it. */
export function entrySection(entry: EntryReport, id: string): Html {
  const { spec } = entry.runs[0]?.manifest ?? {}
  return html`<article class="card" aria-labelledby="${id}">
<h3 id="${id}" style="margin-top:0">${entry.name}</h3>
${spec?.description === undefined ? '' : html`<p>${spec.description}</p>`}
<p class="soft">Method ${entry.method}, backbone ${entry.backbone}, head ${entry.head}, ${seedsText(entry)}, ${integer(entry.parameters)} parameters.</p>
${metricTable(entry)}
${entryCharts(entry, id)}
${riskControl(entry)}
${attention(entry)}
${runs(entry)}
<details><summary>The spec</summary><pre tabindex="0">${JSON.stringify(spec, null, 2)}</pre></details>
<h4>Verify and reproduce</h4>
<pre tabindex="0">${commands(entry)}</pre>
</article>`
}

const metricColumns: readonly (readonly [string, (exit: ExitReport) => string])[] = [
  ['exit', ({ k }) => String(k)],
  ['after', ({ after }) => after],
  ['top-1 (%)', ({ top1 }) => percent(top1.mean)],
  ['sd over seeds', ({ top1 }) => (top1.sd === null ? 'one seed' : percent(top1.sd))],
  ['top-5 (%)', ({ top5 }) => percent(top5)],
  ['NLL', ({ nll }) => decimal(nll, 4)],
  ['ECE (%)', ({ ece }) => percent(ece)],
  ['AUROC', ({ auroc }) => (auroc === null ? 'none' : decimal(auroc, 4))],
  ['isolated MACs', ({ isolatedMacs }) => integer(isolatedMacs)],
  ['sequential MACs', ({ sequentialMacs }) => integer(sequentialMacs)],
  ['params', ({ parameters }) => integer(parameters)],
  ['on frontier', ({ frontierShare }) => percentText(frontierShare, 0)],
]

function metricTable(entry: EntryReport): Html {
  const { ensemble } = entry
  const row = (cells: readonly string[]) =>
    html`<tr>${cells.map((cell, i) =>
      i === 0
        ? html`<th scope="row" class="number">${cell}</th>`
        : html`<td${i === 1 ? '' : new Html(' class="number"')}>${cell}</td>`,
    )}</tr>`
  const all = [
    'all',
    'mean probability',
    percent(ensemble.top1.mean),
    ensemble.top1.sd === null ? 'one seed' : percent(ensemble.top1.sd),
    percent(ensemble.top5),
    decimal(ensemble.nll, 4),
    percent(ensemble.ece),
    ensemble.auroc === null ? 'none' : decimal(ensemble.auroc, 4),
    '',
    integer(entry.exits.at(-1)?.sequentialMacs ?? 0),
    integer(entry.parameters),
    '',
  ]
  return html`<p class="soft">Means over seeds, on all test images. AUROC is of confidence against correctness; the last column is the share of resamples in which the exit is on the track's accuracy-cost frontier.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Metrics of ${entry.name}"><table class="dense">
<thead><tr>${metricColumns.map(([title], i) => html`<th scope="col"${i === 1 ? '' : new Html(' class="number"')}>${title}</th>`)}</tr></thead>
<tbody>${entry.exits.map((exit) => row(metricColumns.map(([, cell]) => cell(exit))))}${row(all)}</tbody>
</table></div>`
}

/** Guaranteed settings, where the spec asks for them. */
function riskControl(entry: EntryReport): Html | undefined {
  const summaries = riskControlOf(entry)
  if (summaries.length === 0) return undefined
  const titles = [
    'bound (points)',
    'setting, by seed',
    'loss on test (points)',
    'top-1',
    'MACs',
    'of the last exit',
  ]
  return html`<h4>${riskControlTitle}</h4>
<p class="soft">${riskControlNote}</p>
<div class="scroll" role="region" tabindex="0" aria-label="Guaranteed settings of ${entry.name}"><table class="dense">
<thead><tr><th scope="col">exit rule</th>${titles.map((title) => html`<th scope="col" class="number">${title}</th>`)}</tr></thead>
<tbody>${summaries.map((summary) => {
    const cells = [
      ...[boundText(summary), settingsText(summary), lossText(summary)],
      ...[percentText(summary.accuracy), si(summary.averageMacs), costText(summary, entry)],
    ]
    return html`<tr><th scope="row">${summary.rule}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`
  })}</tbody>
</table></div>`
}

/** Mean attention of the teachers over the exits, where the method has it. */
function attention({ runs: loaded, name }: EntryReport): Html | undefined {
  const matrices = loaded.flatMap(({ manifest }) =>
    manifest.results.attention ? [manifest.results.attention] : [],
  )
  const [first] = matrices
  if (!first) return undefined
  const mean = (i: number, j: number) =>
    matrices.reduce((sum, matrix) => sum + (matrix[i]?.[j] ?? 0), 0) / matrices.length
  return html`<h4>Which exits each teacher draws on</h4>
<p class="soft">Attention averaged over images and seeds; each row sums to 1.</p>
<div class="scroll" role="region" tabindex="0" aria-label="Attention of ${name}"><table style="width:auto">
<thead><tr><th scope="col">teacher</th>${first.map((_, j) => html`<th scope="col" class="number">exit ${j + 1}</th>`)}</tr></thead>
<tbody>${first.map((row, i) => html`<tr><th scope="row">of exit ${i + 1}</th>${row.map((_, j) => html`<td class="number">${decimal(mean(i, j), 3)}</td>`)}</tr>`)}</tbody>
</table></div>`
}

function runs({ runs: loaded, name }: EntryReport): Html {
  return html`<details><summary>Runs, environment and digests</summary>
<div class="scroll" role="region" tabindex="0" aria-label="Runs of ${name}"><table>
<thead><tr><th scope="col" class="number">seed</th><th scope="col">run</th><th scope="col">machine</th><th scope="col" class="number">time</th><th scope="col" class="number">images/s</th><th scope="col">manifest digest</th></tr></thead>
<tbody>${loaded.map(runRow)}</tbody></table></div>
</details>`
}

function runRow({ manifest }: LoadedRun): Html {
  const { environment, timing, code, runId, seed, manifestDigest, deterministic } = manifest
  const { backend } = environment
  const commit =
    code.commit === null
      ? 'no commit'
      : `commit ${code.commit.slice(0, 12)}${code.dirty ? ' with changes' : ''}`
  const machine = [
    `${backend.name} ${backend.version}`,
    environment.gpu ?? environment.cpu,
    environment.os,
    `Node ${environment.node}`,
    commit,
    deterministic ? 'deterministic' : 'not deterministic',
  ]
  return html`<tr><td class="number">${seed}</td><td><code>${runId}</code></td><td class="wrap" style="min-width:240px">${machine.join(', ')}</td><td class="number">${duration(timing.wallSeconds)}</td><td class="number">${integer(Math.round(timing.trainImagesPerSecond))}</td><td class="wrap" style="min-width:220px"><code>${manifestDigest}</code></td></tr>`
}

function commands({ runs: loaded, name, specDigest }: EntryReport): string {
  const folders = loaded.map(({ folder }) => folder.split('/').at(-1) ?? folder)
  const spec = `${folders[0]}/spec.json`
  return [
    '# in the folder that holds the runs: every digest, and every number from the predictions',
    ...folders.map((folder) => `npx mate-bench verify ${folder}`),
    '',
    `# the same runs again, elsewhere (spec ${name}, ${specDigest})`,
    `npx mate-bench run ${spec} --out again`,
  ].join('\n')
}
