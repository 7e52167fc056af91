import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const chartStyle = readFileSync(fileURLToPath(import.meta.resolve('@mate-bench/charts/chart.css')), 'utf8')

/** The report's only style sheet. No font, image or script from elsewhere. */
export const pageStyle = `${chartStyle}
:root {
  color-scheme: light dark;
  --page: light-dark(#f7f7f5, #131417); --surface: light-dark(#ffffff, #1b1d22);
  --ink: light-dark(#1c1d21, #e9eaee); --soft: light-dark(#5a5d66, #a4a8b3); --line: light-dark(#dfe0e4, #33363e);
  --accent: light-dark(#00568a, #7cc4f2); --mark: light-dark(#eef4f8, #20303c); --chart-surface: var(--surface);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
main, header, footer { max-width: 1120px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 44px; padding-bottom: 12px; }
header p { max-width: 68ch; }
.kicker { margin: 0; color: var(--soft); font-size: 14px; letter-spacing: .04em; text-transform: uppercase; }
h1 { margin: 4px 0 8px; font-size: clamp(28px, 5vw, 40px); line-height: 1.15; letter-spacing: -.02em; }
h2 { margin: 44px 0 6px; font-size: 25px; line-height: 1.25; letter-spacing: -.01em; }
h3 { margin: 26px 0 8px; font-size: 18px; }
h4 { margin: 22px 0 6px; font-size: 15px; }
p { margin: 8px 0; }
a { color: var(--accent); }
.soft, figcaption, .notes { color: var(--soft); font-size: 14px; }
.card {
  margin: 16px 0; padding: 20px; background: var(--surface);
  border: 1px solid var(--line); border-radius: 10px;
}
figure { margin: 0; }
figcaption { margin-top: 8px; }
@media (max-width: 720px) {
  .card { padding: 14px; border-radius: 8px; }
  main, header, footer { padding-left: 12px; padding-right: 12px; }
}
.pair { margin: 26px 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 24px; align-items: start; }
.scroll { overflow-x: auto; border-radius: 6px; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14.5px; }
th, td { padding: 6px 10px; text-align: left; vertical-align: top; white-space: nowrap; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; border-bottom-width: 2px; }
tbody + tbody th, tbody + tbody td { border-top: 0; }
tbody:last-child tr:last-child > * { border-bottom: 0; }
th { font-weight: 600; }
.dense thead th { white-space: normal; vertical-align: bottom; }
.dense th, .dense td { padding-left: 8px; padding-right: 8px; }
.number { text-align: right; }
.swatch { display: inline-block; vertical-align: -3px; margin-right: 7px; }
tr.last-exit > td { background: var(--mark); }
.interval { color: var(--soft); }
.wrap { white-space: normal; overflow-wrap: anywhere; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { margin: 8px 0; padding: 12px 14px; overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: 8px; }
details { margin: 14px 0; }
summary { cursor: pointer; font-weight: 600; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 8px 0; font-size: 14.5px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 520px) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; } }
ul { margin: 8px 0; padding-left: 20px; }
footer { margin-top: 44px; padding-top: 18px; padding-bottom: 44px; color: var(--soft); font-size: 14px; }
@media print { body { background: none; } .card { break-inside: avoid; } }
`
