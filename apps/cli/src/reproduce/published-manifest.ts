import { digestSpec, parseSpec, type Spec } from '@mate-bench/harness/spec'
import { digestJson } from '@mate-bench/provenance'
import { BenchError, type Manifest, manifestSchema, parseJson, problemsFromIssues } from '@mate-bench/schema'
import { fetchText, manifestLimits } from './fetch-json.ts'
import type { RunAddress } from './run-address.ts'

export interface PublishedRun {
  readonly manifest: Manifest
  /** Of the manifest, with this version's defaults; its digest is the published one. */
  readonly spec: Spec
}

/**
 * The manifest of a published run, held to its schema, its own digest, and the digest of its spec.
 *
 * @throws BenchError `not-found`, `offline`, `bad-input` for an answer that is no manifest of this version,
 *   `verification-failed` for one that was changed after it was written
 */
export async function fetchPublishedRun({ site, runId }: RunAddress): Promise<PublishedRun> {
  const address = new URL(`api/v1/runs/${runId}/manifest`, site)
  const input = parseJson(await fetchText(address, site), address.href, manifestLimits)
  const parsed = manifestSchema.safeParse(input)
  if (!parsed.success) {
    throw new BenchError({
      code: 'bad-input',
      message: 'The site’s answer is not a manifest of this version.',
      path: address.href,
      hint: 'It may come from another version of MATE Bench, or from another site.',
      problems: problemsFromIssues(parsed.error.issues, manifestSchema, input),
    })
  }
  const manifest = parsed.data
  const { manifestDigest, ...content } = manifest
  if (manifest.runId !== runId) throw changed(address.href, `It is the manifest of ${manifest.runId}.`)
  if (digestJson(content) !== manifestDigest) throw changed(address.href, 'It does not have its own digest.')
  return { manifest, spec: publishedSpec(manifest, address.href) }
}

/**
 * The spec of a published manifest as this version reads it.
 * @throws BenchError `verification-failed` where that is another one
 */
export function publishedSpec({ spec: document, specDigest, seed, code }: Manifest, source: string): Spec {
  const spec = parseSpec(document, `the spec in ${source}`)
  if (digestSpec(spec) !== specDigest) {
    throw new BenchError({
      code: 'verification-failed',
      message: 'This version of MATE Bench computes another digest for the published spec.',
      path: source,
      hint: code.commit === null ? undefined : `Take the code of the run: git checkout ${code.commit}`,
    })
  }
  if (!spec.seeds.includes(seed)) throw changed(source, `Its spec does not list the seed ${seed}.`)
  return spec
}

function changed(source: string, what: string): BenchError {
  return new BenchError({
    code: 'verification-failed',
    message: `The published manifest does not hold: ${what}`,
    path: source,
    hint: 'Nothing was trained. Tell whoever runs the site.',
  })
}
