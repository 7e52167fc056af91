/**
 * Writes a report page of synthetic runs, for the browser tests to look at:
 *
 *   tsx test/browser/write-report.ts FILE
 */
import { writeFileSync } from 'node:fs'
import { groupEntries } from '@mate-bench/harness/entries'
import { syntheticRun, syntheticSpec } from '@mate-bench/harness/testing'
import { renderHtmlReport } from '../../apps/cli/src/report/html-report.ts'

const joint = syntheticSpec('small-joint', { description: 'The baseline: the sum of the cross-entropies.' })
const mate = syntheticSpec('small-mate', { method: { name: 'mate' } })
const wide = syntheticSpec('wide-joint', {
  model: { ...joint.model, backbone: { name: 'resnet', depth: 8, width: 8 } },
})

const runs = [
  ...[1, 2, 3].map((seed) => syntheticRun({ spec: joint, seed, top1: [0.69, 0.76, 0.8 + seed / 300] })),
  ...[1, 2, 3].map((seed) => syntheticRun({ spec: mate, seed, top1: [0.73, 0.79, 0.82 + seed / 300] })),
  // One seed only: the page must say what its interval lacks.
  syntheticRun({ spec: wide, seed: 1, top1: [0.74, 0.8, 0.85] }),
]

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('Name the file to write.')
writeFileSync(file, renderHtmlReport(groupEntries(runs)))
