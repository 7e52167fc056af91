/**
 * The study on Fashion-MNIST: every method on one network, ten seeds each. docs/study-protocol.md is its protocol.
 *
 *   npm run study -- --help
 */
import { availableParallelism } from 'node:os'
import { benchErrorFromUnknown } from '@mate-bench/schema'
import { Command } from 'commander'
import { seedList, wholeNumber } from '../command-options.ts'
import { formatError } from '../errors/error-block.ts'
import { exitCodeOf } from '../errors/exit-code.ts'
import { createPainter } from '../format/paint.ts'
import { checkStudyResults, packStudy, writeStudyResults } from './results.ts'
import { specNames, studySeeds } from './specs.ts'
import { mateBench, trainedFolders, trainStudy } from './train.ts'
import { writeStudySpecs } from './write-specs.ts'

interface Flags {
  readonly out: string
  readonly workers: number
  readonly seeds: number[]
  readonly only?: string[]
  readonly resume?: true
  readonly again?: true
  readonly writeSpecs?: true
  readonly pack?: true
  readonly results?: true
  readonly check?: true
}

const examples = `
Without flags: plans, trains what is missing, seed by seed, and verifies. A run that is complete, or ships in
bench-results/, is left as it is.

Examples:
  npm run study -- --resume                        go on where it was interrupted
  npm run study -- --seeds 1-3 --workers 1
  npm run study -- --only mate,joint --seeds 1 --again
  npm run study -- --write-specs                   write bench-specs/study/ again
  npm run study -- --pack --results                runs into bench-results/, and docs/results.md from them
  npm run study -- --check                         every number of docs/results.md, again from bench-results/
`

const command = new Command('npm run study --')
  .description('train the study’s methods and verify the runs')
  .option('--out <dir>', 'folder of the run folders', 'runs/study')
  .option('--workers <n>', 'runs at a time', wholeNumber(1), availableParallelism())
  .option('--seeds <list>', 'which seeds, such as 1,2 or 1-5', seedList, studySeeds)
  .option('--only <names>', 'specs by name, such as mate,joint', specNames)
  .option('--resume', 'resume unfinished runs from their last checkpoint')
  .option('--again', 'train runs that ship in bench-results/ too')
  .option('--write-specs', 'write the specs below bench-specs/study/ and end')
  .option('--pack', 'pack the finished runs of --out into bench-results/ and end')
  .option('--results', 'write docs/results.md, its picture and the site’s data from bench-results/ and end')
  .option('--check', 'compute all of these again, and compare')
  .addHelpText('after', examples)

const flags: Flags = command.parse().opts()
try {
  if (flags.writeSpecs) writeStudySpecs()
  else if (flags.pack || flags.results || flags.check) process.exitCode = await results(flags)
  else process.exitCode = await study(flags)
} catch (thrown) {
  const error = benchErrorFromUnknown(thrown)
  process.stderr.write(formatError(error, createPainter(process.stderr)))
  process.exitCode = exitCodeOf(error)
}

async function results({ out, pack, results: write, check }: Flags): Promise<number> {
  if (pack) await packStudy(out)
  if (write) writeStudyResults()
  return check ? await checkStudyResults() : 0
}

async function study({ out, workers, seeds, only, resume, again }: Flags): Promise<number> {
  const status = await trainStudy({
    out,
    workers,
    seeds,
    only,
    resume: resume ?? false,
    again: again ?? false,
  })
  if (status !== 0) return status
  const folders = trainedFolders(out)
  if (folders.length > 0) return await mateBench(['verify', ...folders])
  process.stdout.write(
    'All of these runs ship in bench-results/. --check checks them, --again trains them again.\n',
  )
  return 0
}
