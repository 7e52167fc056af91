import {
  canonicalJson,
  type EventProof,
  openTreeHead,
  type PublishedHead,
  provesEvent,
  shortKey,
  verifyRunSignature,
} from '@mate-bench/provenance'
import { ledgerEventSchema, type Manifest, treeHeadSchema } from '@mate-bench/schema'

export interface Checked {
  /** Undefined where there is nothing to prove. */
  readonly ok: boolean | undefined
  readonly text: string
}

type Answer = PublishedHead & { readonly events: readonly EventProof[] }

/**
 * Computes again, in whoever's browser it runs, what the site says of a run: the signature of the ledger's head, the place
 * of each of the run's events in the tree under it, and the author's signature over the manifest.
 *
 * @param isSigned whether the run has a signature to be asked for
 * @param load fetches JSON of the API; undefined where there is nothing
 */
export async function checkRunEvents(
  runId: string,
  isSigned: boolean,
  load: (path: string) => Promise<unknown>,
): Promise<Checked[]> {
  const [answer, signature] = await Promise.all([
    load(`ledger/runs/${runId}`) as Promise<Answer | undefined>,
    (isSigned ? load(`runs/${runId}/signature`) : undefined) as
      | Promise<{ envelope: unknown } | undefined>
      | undefined,
  ])
  const results: Checked[] = []
  if (answer) results.push(await checkHead(answer), ...checkEvents(runId, answer))
  else results.push({ ok: false, text: 'The ledger has no record of this run.' })
  if (signature) {
    const manifest = (await load(`runs/${runId}/manifest`)) as Manifest
    results.push(
      await checked(async () => {
        const key = await verifyRunSignature(signature.envelope, manifest)
        return `The manifest, with the digests of every file, is signed by ${shortKey(key)}.`
      }),
    )
  }
  return results
}

async function checkHead({ head, envelope }: Answer): Promise<Checked> {
  if (!envelope) return { ok: undefined, text: 'The head of the ledger is not signed: this site has no key.' }
  return await checked(async () => {
    const { treeSize } = treeHeadSchema.parse(head)
    const of = `The head of the ledger, with ${treeSize} events,`
    const opened = await openTreeHead(envelope)
    if (canonicalJson(opened.head) !== canonicalJson(head)) throw new Error('What is signed is another head.')
    return `${of} is signed by ${shortKey(opened.keyId)}.`
  })
}

function checkEvents(runId: string, { head, events }: Answer): Checked[] {
  return events.map((proof) => {
    const { index, event } = proof
    const isOwn = ledgerEventSchema.safeParse(event).success && event.runId === runId
    const ok = isOwn && provesEvent(proof, head)
    return { ok, text: `Event ${index}, ${event.kind}, is ${ok ? '' : 'not '}in the tree under that head.` }
  })
}

async function checked(run: () => Promise<string>): Promise<Checked> {
  try {
    return { ok: true, text: await run() }
  } catch (thrown) {
    return { ok: false, text: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}
