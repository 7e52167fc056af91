import { openBackend, settingsFromRecord } from '@mate-bench/backends'
import { describeCode, describeEnvironment } from '@mate-bench/harness/environment'
import { readManifest } from '@mate-bench/harness/read-manifest'
import { compareCircumstances, judgeReproduction } from '@mate-bench/harness/reproduce'
import { runFolderPath } from '@mate-bench/harness/run-folder'
import { findSigningKey } from '@mate-bench/harness/signing'
import { teacherChain } from '@mate-bench/harness/teachers'
import type { Manifest } from '@mate-bench/schema'
import { chooseSeeds } from '../choose-seeds.ts'
import type { BackendChoice } from '../command-options.ts'
import { plural } from '../format/numbers.ts'
import { createPainter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { prepareBackend } from '../prepare-backend.ts'
import { runSpecs } from '../run-specs.ts'
import { requireToken } from '../submit/api-client.ts'
import { claimFolders, requireAnother } from './claim-folders.ts'
import { publishVerdict } from './publish-verdict.ts'
import { findRunSource } from './run-source.ts'
import { circumstancesText, verdictText } from './verdict-text.ts'

export interface ReproduceOptions {
  readonly url: string
  readonly out: string
  /** That of the published run, unless another is asked for. */
  readonly backend: BackendChoice | undefined
  readonly dataFolder: string | undefined
  /** Seeds of the spec to train besides: the more, the finer a difference that the equivalence test can tell. */
  readonly seeds: readonly number[] | undefined
  /** Send the verdict to the site, with this token. */
  readonly publish: { readonly token: string | undefined } | undefined
}

/**
 * Trains a published run again and holds the two against each other. Sets the exit code: 0 where bytes or numbers
 * agree or it is statistically consistent, 1 where it is not.
 *
 * @throws BenchError what `runAddress`, `fetchPublishedRun` and `openBackend` throw; `conflict` where the run was
 *   trained into the same folder before
 */
export async function reproduceRun(run: string, options: ReproduceOptions): Promise<void> {
  const { out, dataFolder, publish } = options
  // Before anything is trained.
  const token = publish && requireToken(publish.token)
  const paint = createPainter(process.stdout)
  const say = (text: string) => process.stdout.write(`${text}\n`)

  const source = await findRunSource(run, { url: options.url, publish: publish !== undefined })
  const { manifest, spec, where, address } = source
  const { seed, environment } = manifest
  say(`${paint('bold', `${spec.name}, seed ${seed}`)}, ${manifest.runId} of ${where}`)
  say(
    `  ${plural(spec.training.epochs, 'epoch')} on ${spec.dataset.name}, published with ${printable(environment.backend.name)}`,
  )
  const seeds = [...new Set([seed, ...(options.seeds ? chooseSeeds(spec, options.seeds) : [])])]
  const teachers = teacherChain(spec)
  const trainedHere = seeds.flatMap((own) => [...teachers, spec].map((one) => runFolderPath(out, one, own)))
  const claimed = claimFolders(out, manifest.runId, trainedHere)
  if (teachers.length > 0) say(`  first its teachers: ${teachers.map(({ name }) => name).join(', ')}`)
  const entry = await source.spread()

  if (token !== undefined && !findSigningKey()) {
    say(
      paint(
        'yellow',
        '  You have no key, so the published verdict will not raise the run’s tier: `mate-bench key create` makes one.',
      ),
    )
  }
  const settings = settingsFromRecord(environment.backend.settings)
  const backend =
    options.backend === undefined || options.backend === environment.backend.name
      ? await openBackend(environment.backend.name, settings)
      : await openBackend((await prepareBackend(options.backend)).name)
  const sameBackend = backend.name === environment.backend.name
  const here = { code: describeCode(), environment: describeEnvironment(backend) }
  const circumstances = compareCircumstances(manifest, here)
  say(circumstancesText(circumstances, paint))

  const { trained } = await runSpecs([{ spec, seeds }], {
    out,
    backend: backend.name,
    settings: sameBackend ? settings : {},
    dataFolder,
    resume: true,
    checkpointEverySteps: undefined,
    workers: 1,
    json: false,
    // What is sent counts only where the site's ledger knew of it before it trained.
    ledger:
      token === undefined || !address
        ? undefined
        : { url: address.site.href, token, ofSpec: manifest.specDigest },
  })
  const repeated = trained.folders
    .map((folder) => readManifest(folder).manifest)
    .filter(({ specDigest }) => specDigest === manifest.specDigest)
  const first = repeated.find((run) => run.seed === seed)
  if (!first || repeated.length < seeds.length) return
  requireAnother(runFolderPath(out, spec, seed), first.runId, manifest.runId)
  const others = repeated.filter((run) => run !== first)
  const judgement = judgeReproduction({ published: manifest, repeated: [first, ...others], entry })
  say(verdictText(judgement, paint))
  for (const line of teacherLines(manifest, first)) say(line)
  if (judgement.verdict === 'inconsistent') process.exitCode = 1
  if (token === undefined || !address) {
    claimed.release()
    return
  }
  const verdict = { published: manifest, verdict: judgement.verdict, manifests: [first, ...others] }
  // A site that does not answer is asked again by the same command, without another training.
  say(await publishVerdict(address, verdict, token))
  claimed.release()
}

/** Whether each teacher, trained anew, has the bytes of the one that taught the published run. */
function teacherLines({ teachers = [] }: Manifest, repeated: Manifest): string[] {
  return teachers.map(({ runId, weightsSha256 }, i) => {
    const isEqual = repeated.teachers?.[i]?.weightsSha256 === weightsSha256
    return `  teacher ${runId}: ${isEqual ? 'the same weights, byte for byte' : 'other weights, so the student learnt from another network'}`
  })
}
