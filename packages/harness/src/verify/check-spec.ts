import { canonicalJson } from '@mate-bench/provenance'
import { decodeUtf8, type Manifest, parseJson } from '@mate-bench/schema'
import { runFiles } from '../run-files.ts'
import { digestSpec, parseSpec, type Spec } from '../spec.ts'
import { type Report, same } from './check.ts'
import { bytesOf, type RunBytes } from './check-files.ts'

/**
 * The manifest's spec is the one that everything else is held to: a valid one with all its defaults, under its digest,
 * and spec.json says the same.
 *
 * @returns undefined where the manifest holds no spec of this version
 */
export async function checkSpec(
  manifest: Manifest,
  bytes: RunBytes,
  report: Report,
): Promise<Spec | undefined> {
  let spec: Spec | undefined
  await report.check('spec', () => {
    const parsed = parseSpec(manifest.spec, 'the spec in the manifest')
    if (canonicalJson(parsed) !== canonicalJson(manifest.spec)) {
      throw new Error('the spec in the manifest lacks defaults')
    }
    spec = parsed
    same(digestSpec(parsed), manifest.specDigest)
    const file = parseJson(
      decodeUtf8(bytesOf(bytes, 'spec'), runFiles.spec, { keepMark: true }),
      runFiles.spec,
    )
    if (canonicalJson(file) !== canonicalJson(manifest.spec)) {
      throw new Error(`${runFiles.spec} is not the spec in the manifest`)
    }
    if (!parsed.seeds.includes(manifest.seed)) {
      throw new Error(`seed ${manifest.seed} is not among the spec's seeds`)
    }
    return manifest.specDigest
  })
  return spec
}
