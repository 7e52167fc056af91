import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { shortKey, verifyRunSignature } from '@mate-bench/provenance'
import { companionFiles, type Manifest } from '@mate-bench/schema'
import { readCompanion } from '../read-companion.ts'
import { trustedKeys } from '../signing/index.ts'
import type { Report } from './check.ts'

/**
 * Whose run it says it is. A signature that does not hold fails. One of a key that the user does not trust is a claim: it
 * shows that one and the same key answers for manifest and files, and not who that is. A run may have none.
 *
 * @returns the key; null for a run that nobody signed, undefined for a signature that does not hold
 */
export async function checkSignature(
  folder: string,
  manifest: Manifest,
  report: Report,
): Promise<string | null | undefined> {
  const { file } = companionFiles.signature
  if (!existsSync(join(folder, file))) {
    report.add('signature', 'claimed', `there is none: without ${file} nobody answers for the run`)
    return null
  }
  let keyId: string | undefined
  const holds = await report.check('signature', async () => {
    const envelope = readCompanion(folder, 'signature')
    keyId = await verifyRunSignature(envelope, manifest)
    return `that of ${keyId} over the manifest and ${manifest.artifacts.length} files`
  })
  if (!holds || keyId === undefined) return undefined
  const known = trustedKeys().find((trusted) => trusted.keyId === keyId)
  if (known)
    report.add(
      'signer',
      'passed',
      known.own ? `your own key, ${known.name}` : `${known.name}, whom you trust`,
    )
  else {
    const what = `${shortKey(keyId)} is unknown to you`
    report.add(
      'signer',
      'claimed',
      `${what}: \`mate-bench key trust ${keyId} --name NAME\` once you know whose it is`,
    )
  }
  return keyId
}
