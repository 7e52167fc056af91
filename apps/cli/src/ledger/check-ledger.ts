import { readManifest } from '@mate-bench/harness/read-manifest'
import { knownLedger, rememberLedger, trustedKeys } from '@mate-bench/harness/signing'
import { readRegistration } from '@mate-bench/harness/start-record'
import {
  buildNodes,
  eventHash,
  hashName,
  openStart,
  openTreeHead,
  type PublishedHead,
  provesConsistency,
  provesEvent,
  rangeRoot,
  shortKey,
} from '@mate-bench/provenance'
import { BenchError, type LedgerEvent, type TreeHead } from '@mate-bench/schema'
import { createPainter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'
import { runFolders } from '../run-folders.ts'
import { createLedgerClient, type LedgerClient } from './ledger-client.ts'

interface Result {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** Does what `ledger check` does: says each result, sets the exit code. */
export async function sayCheck(
  paths: readonly string[],
  { url, json }: { readonly url: string; readonly json: boolean },
): Promise<void> {
  const folders = paths.length > 0 ? runFolders(paths) : []
  const client = createLedgerClient(url)
  const paint = createPainter(process.stdout)
  const results: Result[] = []
  const check = async (name: string, run: () => string | Promise<string>) => {
    const result = await resultOf(name, run)
    results.push(result)
    const sign = result.ok ? paint('green', '✓') : paint('red', '✗')
    if (!json) process.stdout.write(`  ${sign} ${name.padEnd(12)} ${printable(result.detail)}\n`)
    return result.ok
  }
  if (!json) process.stdout.write(`${paint('bold', client.site)}\n`)
  const answer = await client.head()
  const { head } = answer
  const known = knownLedger(client.site)
  let key: string | null = null
  const holds = [
    await check('head', async () => {
      key = await signerOf(answer, known?.key)
      const who = key === null ? 'not signed' : `signed by ${nameOf(key)}`
      return `${head.treeSize} events, root ${head.rootHash}, ${who}`
    }),
    await check('events', async () => await checkEvents(client, head)),
    await check('history', async () => await checkHistory(client, known?.head, head)),
  ]
  for (const folder of folders) {
    await check('run', async () => `${folder}: ${await checkRegistration(client, folder, head)}`)
  }
  // What does not hold must not be what the next check is compared with.
  if (holds.every(Boolean)) rememberLedger({ site: client.site, key, head })
  const ok = results.every((result) => result.ok)
  if (!ok) process.exitCode = 1
  if (json)
    process.stdout.write(`${JSON.stringify({ site: client.site, ok, head, key, results }, null, 2)}\n`)
}

async function resultOf(name: string, run: () => string | Promise<string>): Promise<Result> {
  try {
    return { name, ok: true, detail: await run() }
  } catch (thrown) {
    // A site that does not answer is no ledger that does not hold.
    if (thrown instanceof BenchError && thrown.code === 'offline') throw thrown
    return { name, ok: false, detail: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** Whose signature the head carries. A ledger that had a key keeps it. */
async function signerOf(answer: PublishedHead, known: string | null | undefined): Promise<string | null> {
  const opened = answer.envelope ? await openTreeHead(answer.envelope) : undefined
  if (opened && JSON.stringify(opened.head) !== JSON.stringify(answer.head)) {
    throw new Error('what is signed is another head')
  }
  const key = opened?.keyId ?? null
  if (known && key !== known) {
    throw new Error(`it was signed by ${known} before, now by ${key ?? 'nobody'}`)
  }
  return key
}

function nameOf(key: string): string {
  const trusted = trustedKeys().find(({ keyId }) => keyId === key)
  return trusted ? `${trusted.name}, whom you trust` : `${key}, which you do not trust`
}

/** Every event, and the tree over them computed again. */
async function checkEvents(client: LedgerClient, head: TreeHead): Promise<string> {
  const leaves: Uint8Array[] = []
  const counts = new Map<LedgerEvent['kind'], number>()
  let signed = 0
  for await (const { index, event, evidence } of client.events()) {
    // What came after the head is for the next one.
    if (index >= head.treeSize) break
    if (index !== leaves.length) throw new Error(`event ${leaves.length} is missing`)
    leaves.push(eventHash(event))
    counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1)
    if (!evidence) continue
    const { keyId, start } = await openStart(evidence)
    const isOfEvent =
      keyId === event.key &&
      start.runId === event.runId &&
      start.specDigest === event.specDigest &&
      start.seed === event.seed
    if (!isOfEvent) {
      throw new Error(`what is signed of event ${index} is something else`)
    }
    signed++
  }
  if (leaves.length < head.treeSize) throw new Error(`event ${leaves.length} is missing`)
  const root = hashName(rangeRoot({ start: 0, end: leaves.length }, buildNodes(leaves)))
  if (root !== head.rootHash)
    throw new Error(`the events give the root ${root}, the head has ${head.rootHash}`)
  const listed = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')
  return `${listed || 'none yet'}${signed > 0 ? `; ${signed} starts signed` : ''}; they give the root of the head`
}

async function checkHistory(
  client: LedgerClient,
  before: TreeHead | undefined,
  head: TreeHead,
): Promise<string> {
  if (!before) return 'seen for the first time: this head is remembered'
  if (before.treeSize > head.treeSize) {
    throw new Error(`it had ${before.treeSize} events the last time, and has ${head.treeSize} now`)
  }
  const path = await client.consistency(before.treeSize, head.treeSize)
  if (!provesConsistency(before, head, path)) {
    throw new Error(`it does not go on from the head with ${before.treeSize} events that you saw last`)
  }
  return `it goes on from the ${before.treeSize} events that you saw last`
}

async function checkRegistration(client: LedgerClient, folder: string, head: TreeHead): Promise<string> {
  const registration = readRegistration(folder)
  if (!registration) throw new Error('not registered before training')
  const { event } = registration
  const { manifest } = readManifest(folder)
  // A proof that holds shows that some run was registered: anybody can copy that of another one.
  if (
    event.runId !== manifest.runId ||
    event.seed !== manifest.seed ||
    event.specDigest !== manifest.specDigest
  ) {
    throw new Error(
      `its registration is that of ${event.runId}, seed ${event.seed}, not of ${manifest.runId}`,
    )
  }
  if (event.kind !== 'started' || event.registered !== 'before-training') {
    const what = event.kind === 'started' ? 'a start recorded at publication' : `its ${event.kind} event`
    throw new Error(`not registered before training: the registration holds ${what}`)
  }
  if (!provesEvent(registration, registration.head))
    throw new Error('the proof in its registration does not hold')
  if (registration.head.treeSize > head.treeSize) throw new Error('it is registered in a longer ledger')
  const path = await client.consistency(registration.head.treeSize, head.treeSize)
  if (!provesConsistency(registration.head, head, path)) throw new Error('it is registered in another ledger')
  return `event ${registration.index}, ${event.at}, by ${event.key === null ? 'nobody' : shortKey(event.key)}`
}
