import { createHash } from 'node:crypto'
import { groupEntries } from '@mate-bench/harness/entries'
import { syntheticRun, syntheticSpec } from '@mate-bench/harness/testing'
import { describe, expect, it } from 'vitest'
import { trackChartFile } from './accuracy-chart.ts'
import { escapeHtml, html } from './html.ts'
import { renderHtmlReport } from './html-report.ts'
import { reportToJson } from './report-json.ts'
import { formatReport } from './terminal-report.ts'

const plain = (_: string, text: string) => text
const hostile = '<script>alert("1")</script><img src=x onerror=alert(1)>'

const joint = syntheticSpec('small-joint', { description: hostile })
const mate = syntheticSpec('small-mate', { method: { name: 'mate' } })
const runs = [
  ...[1, 2].map((seed) => syntheticRun({ spec: joint, seed, top1: [0.7, 0.76, 0.8] })),
  syntheticRun({ spec: mate, seed: 1, top1: [0.72, 0.78, 0.83] }),
]
const tracks = groupEntries(runs)

describe('html', () => {
  it('escapes values and keeps markup of its own', () => {
    expect(html`<p title="${'"'}">${'<b>'} ${html`<i>${'&'}</i>`} ${[html`<br>`, 'x']}</p>`.markup).toBe(
      '<p title="&quot;">&lt;b&gt; <i>&amp;</i> <br>x</p>',
    )
    expect(escapeHtml(`<>&"'`)).toBe('&lt;&gt;&amp;&quot;&#39;')
  })
})

describe('renderHtmlReport', () => {
  const page = renderHtmlReport(tracks)

  it('lets nothing that a run brings become markup', () => {
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain('<img')
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')
  })

  it('needs nothing from elsewhere', () => {
    const references = [...page.matchAll(/\b(?:src|href|srcset|action)="([^"]*)"/g)].map((match) => match[1])
    expect(references.filter((reference) => !/^(data:|#)/.test(reference ?? ''))).toEqual([])
    expect(page).not.toMatch(/url\(|@import|<link rel="stylesheet"|<script src|<iframe/)
  })

  it('runs the one script that its policy names, and sends no text into it', () => {
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '')
    expect(scripts).toHaveLength(1)
    const digest = createHash('sha256')
      .update(scripts[0] ?? '')
      .digest('base64')
    expect(page).toContain(`script-src 'sha256-${digest}';`)
    const data = [...page.matchAll(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g)]
    expect(data.length).toBeGreaterThan(0)
    for (const [, json = ''] of data) expect(JSON.parse(json)).toHaveProperty('series')
  })

  it('is the same bytes for the same runs', () => {
    expect(renderHtmlReport(groupEntries([...runs].reverse()))).toBe(page)
  })

  it('has every exit’s figures in text beside the chart', () => {
    for (const exit of tracks[0]?.entries.flatMap(({ exits }) => exits) ?? []) {
      expect(page).toContain(`<td class="number">${(100 * exit.top1.mean).toFixed(2)}</td>`)
    }
    expect(page).toContain('(one seed)')
  })

  it('gives each id once', () => {
    const ids = [...page.matchAll(/\bid="([^"]+)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('shows digests, the environment and how to check', () => {
    for (const { manifest } of runs) {
      expect(page).toContain(manifest.manifestDigest)
      expect(page).toContain(manifest.runId)
    }
    expect(page).toContain('npx mate-bench verify small-joint-')
    expect(page).toContain('wasm 4.22.0')
  })
})

describe('formatReport', () => {
  const text = formatReport(tracks, plain)

  it('has a row an exit and one for the ensemble, with n and both costs', () => {
    const rows = text.split('\n').filter((line) => /\d \[/.test(line) || /% \[/.test(line))
    expect(rows).toHaveLength(8)
    expect(text).toMatch(/small-joint +joint +2 +1 /)
    expect(text).toContain('FLOPs')
  })

  it('marks and names what rests on one seed', () => {
    expect(text).toContain('One seed only, so not ranked: small-mate.')
    expect(text.match(/\]\*/g)).toHaveLength(4)
  })
})

describe('reportToJson', () => {
  it('is plain JSON with fractions and counts', () => {
    const document = reportToJson(tracks)
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
    const entry = document.tracks[0]?.entries.find(({ name }) => name === 'small-joint')
    expect(entry?.n).toBe(2)
    expect(entry?.exits[0]?.sequentialFlops).toBe(2 * (entry?.exits[0]?.sequentialMacs ?? 0))
    expect(entry?.exits[0]?.top1.interval.seedShare).toBe('own')
    const single = document.tracks[0]?.entries.find(({ name }) => name === 'small-mate')
    expect(single).toMatchObject({ rank: null, againstLeader: { other: 'small-joint', apart: false } })
    expect(single?.exits[0]?.top1.interval.seedShare).toBe('track')
  })
})

describe('trackChartFile', () => {
  it('is one SVG with colours of its own, and its figures in words', () => {
    const svg = trackChartFile(tracks)
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="880" /)
    expect(svg).not.toMatch(/var\(|currentColor;/)
    expect(svg).toMatch(/small-mate: 7\d\.\d\s% at/)
  })

  it('refuses runs of several tracks', () => {
    expect(() => trackChartFile([...tracks, ...tracks])).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    )
  })
})

describe('guaranteed settings', () => {
  const protocols = ['anytime', 'risk-controlled']
  const controlled = syntheticSpec('guarded', { evaluation: { checkpoint: { name: 'last' }, protocols } })
  const guarded = groupEntries(
    [1, 2].map((seed) => syntheticRun({ spec: controlled, seed, top1: [0.5, 0.76, 0.8] })),
  )

  it('are told where the spec asks for them, each rule at each bound, as the manifests have them', () => {
    const [entry] = reportToJson(guarded).tracks[0]?.entries ?? []
    expect(entry?.riskControlled.map(({ rule, lossBound }) => `${rule} ${lossBound}`)).toEqual(
      ['confidence', 'entropy', 'patience'].flatMap((rule) =>
        [0.005, 0.01, 0.02, 0.05].map((bound) => `${rule} ${bound}`),
      ),
    )
    const text = formatReport(guarded, plain)
    const page = renderHtmlReport(guarded)
    for (const { averageMacs, accuracy } of entry?.riskControlled ?? []) {
      const costs = Math.round(averageMacs / 1e3)
      expect(text).toContain(`${costs} k`)
      expect(page).toContain(`<td class="number">${costs}\u202fk</td>`)
      expect(page).toContain(`<td class="number">${(100 * accuracy).toFixed(2)}\u202f%</td>`)
    }
    expect(text).toContain('with 95 % probability')
    expect(formatReport(tracks, plain)).not.toContain('guaranteed')
    expect(reportToJson(tracks).tracks[0]?.entries[0]?.riskControlled).toEqual([])
  })
})
