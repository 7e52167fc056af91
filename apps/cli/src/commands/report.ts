import type { Command } from 'commander'
import { jsonOption } from '../command-options.ts'
import { createPainter } from '../format/paint.ts'
import { runFolders } from '../run-folders.ts'

interface Flags {
  readonly html?: string
  readonly chart?: string
  readonly json?: true
}

const examples = `
Runs of one spec make an entry; entries on the same data, splits and protocol share a table.

Examples:
  mate-bench report runs
  mate-bench report runs --html report.html          one page that needs nothing else
  mate-bench report runs --chart accuracy.svg        the chart alone, for a paper or a README
  mate-bench report runs/quickstart-mate-* --json
`

export function define(command: Command): void {
  command
    .argument('<run...>', 'run folders, or folders that hold run folders')
    .option('--html <file>', 'also write a self-contained page')
    .option('--chart <file>', 'also write the chart of accuracy against FLOPs as SVG')
    .addOption(jsonOption())
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: Flags) => {
      const { groupEntries, loadRuns } = await import('@mate-bench/harness/entries')
      const tracks = groupEntries(await loadRuns(runFolders(paths)))
      const { refuseCopies } = await import('../report/refuse-copies.ts')
      refuseCopies(tracks)
      if (flags.json) {
        const { reportToJson } = await import('../report/report-json.ts')
        process.stdout.write(`${JSON.stringify(reportToJson(tracks), null, 2)}\n`)
      } else {
        const { formatReport } = await import('../report/terminal-report.ts')
        process.stdout.write(formatReport(tracks, createPainter(process.stdout)))
      }
      if (flags.html !== undefined) {
        const { writeHtmlReport } = await import('../report/write-html-report.ts')
        writeHtmlReport(flags.html, tracks)
        if (!flags.json) process.stdout.write(`Page: ${flags.html}\n`)
      }
      if (flags.chart !== undefined) {
        const { trackChartFile } = await import('../report/accuracy-chart.ts')
        const { writeFileAtomic } = await import('@mate-bench/harness/atomic-file')
        writeFileAtomic(flags.chart, trackChartFile(tracks))
        if (!flags.json) process.stdout.write(`Chart: ${flags.chart}\n`)
      }
    })
}
