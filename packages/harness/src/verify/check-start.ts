import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openTreeHead, provesEvent, shortKey } from '@mate-bench/provenance'
import { companionFiles, type Manifest } from '@mate-bench/schema'
import { isKnownLedgerKey, trustedKeys } from '../signing/index.ts'
import { readRegistration, readStart } from '../start-record.ts'
import { failureOf, type Report, same } from './check.ts'

/** By how much the clocks of a ledger and of who trains may differ. */
const clockMilliseconds = 300_000

const notRegistered = 'not registered before training: nothing shows which other runs were begun'

interface SignedRun {
  readonly manifest: Manifest
  /** The key of its signature; null where it has none, undefined where it does not hold. */
  readonly signer: string | null | undefined
}

/**
 * When the run was written down: its start is that of this run, and a ledger's answer, where there is one, proves that the
 * ledger had it before it trained. Anybody can make a ledger of their own and sign its head, so the proof holds only where the
 * user knows its key. Whether the ledger still has the run is for `mate-bench ledger check` to ask.
 */
export async function checkStart(folder: string, run: SignedRun, report: Report): Promise<void> {
  const { manifest } = run
  const has = (role: 'start' | 'registration') => existsSync(join(folder, companionFiles[role].file))
  if (has('start')) {
    await report.check('start', async () => {
      const found = await readStart(folder)
      if (!found) throw new Error('it is gone')
      const { start, keyId } = found
      same(start.runId, manifest.runId)
      same(start.specDigest, manifest.specDigest)
      same(`seed ${start.seed}`, `seed ${manifest.seed}`)
      const signed = keyId === null ? 'unsigned' : `signed by ${shortKey(keyId)}`
      return `written down at ${start.at}, ${signed}`
    })
  }
  if (!has('registration')) {
    report.add('registration', 'claimed', notRegistered)
    return
  }
  try {
    const { isKnown, detail } = await registrationOf(folder, run)
    report.add('registration', isKnown ? 'passed' : 'claimed', detail)
  } catch (thrown) {
    report.add('registration', 'failed', failureOf(thrown))
  }
}

async function registrationOf(folder: string, { manifest, signer }: SignedRun) {
  const registration = readRegistration(folder)
  if (!registration) throw new Error('it is gone')
  const { index, event, head, envelope } = registration
  if (event.kind !== 'started' || event.registered !== 'before-training') throw new Error('it is no start')
  same(event.runId, manifest.runId)
  same(event.specDigest, manifest.specDigest)
  same(`seed ${event.seed}`, `seed ${manifest.seed}`)
  // Registered unsigned, it is anybody's.
  if (event.key !== null && signer !== undefined && event.key !== signer) {
    throw new Error(`it was registered by ${event.key}, the run is signed by ${signer ?? 'nobody'}`)
  }
  if (!provesEvent(registration, head)) throw new Error('its proof does not hold')
  if (Date.parse(event.at) > Date.parse(manifest.timing.startedAt) + clockMilliseconds) {
    throw new Error(`it is of ${event.at}, when the run had begun`)
  }
  if (!envelope) {
    return { isKnown: false, detail: `event ${index} of a ledger that signs nothing, at ${event.at}` }
  }
  const signed = await openTreeHead(envelope)
  same(JSON.stringify(signed.head), JSON.stringify(head))
  const { keyId } = signed
  const isTrusted = isKnownLedgerKey(keyId) || trustedKeys().some((trusted) => trusted.keyId === keyId)
  // Nobody is a witness of their own run.
  const isKnown = isTrusted && keyId !== signer
  const detail = `event ${index} of the ledger of ${shortKey(signed.keyId)}, at ${event.at}`
  const hint = ', no witness that you know: `mate-bench ledger check --url URL` asks the site that you know'
  return { isKnown, detail: isKnown ? detail : `${detail}${hint}` }
}
