import { digestJson, openEnvelope } from '@mate-bench/provenance'
import {
  BenchError,
  checkKinds,
  checkTexts,
  idPatterns,
  manifestSchema,
  type Problem,
  parseJson,
  payloadTypes,
  rulings,
  verdictEffects,
  verdictEvidenceSchema,
  verdictNames,
  verdictPlaceSchema,
  verdictStandings,
  verdictStatementSchema,
} from '@mate-bench/schema'
import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Transaction } from '../drivers/db.ts'
import { runs, verdicts } from '../schema/index.ts'

type Row = typeof verdicts.$inferSelect

const text = z.string().min(1).max(4000)

const rowSchema = z.object({
  id: z.string().regex(idPatterns.verdict),
  check: z.enum(checkKinds),
  verdict: z.enum(verdictNames),
  effect: z.enum(verdictEffects),
  summary: text,
  cause: text.nullable(),
  evidence: verdictEvidenceSchema,
  checker: text,
  worker: text.nullable(),
  place: verdictPlaceSchema,
  manifest: manifestSchema.nullable(),
  standing: z.enum(verdictStandings).nullable(),
  ruling: z.enum(rulings).nullable(),
  ruledBy: text.nullable(),
  rulingNote: text.nullable(),
})

/**
 * A verdict as an import takes it: what raised a run raises nothing here, since no check of this site's has shown it. A dispute
 * stays one, with what was decided about it.
 */
export function importedVerdict(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const effect = row.effect === 'disputes' ? row.effect : 'none'
  return { ...row, effect, thirdParty: false, submissionId: null }
}

/**
 * Holds verdicts of an import to their form, to the digests of their manifests, and to what was signed of them.
 * @throws BenchError `verification-failed`
 */
export async function checkImportedVerdicts(tx: Transaction, folder: string): Promise<void> {
  const ids = await tx.select({ id: verdicts.id }).from(verdicts).orderBy(asc(verdicts.id))
  const problems: Problem[] = []
  // One at a time: a manifest has tens of thousands of characters.
  for (const { id } of ids) {
    const [found] = await tx
      .select({ row: verdicts, manifestDigest: runs.manifestDigest })
      .from(verdicts)
      .innerJoin(runs, eq(runs.id, verdicts.runId))
      .where(eq(verdicts.id, id))
    const problem = found && (await problemOf(found.row, found.manifestDigest))
    if (problem !== undefined) problems.push({ path: `verdicts.${id}`, message: problem })
  }
  if (problems.length === 0) return
  throw new BenchError({
    code: 'verification-failed',
    message: `The export in ${folder} does not hold: its verdicts were changed.`,
    path: folder,
    problems: problems.slice(0, 20),
    hint: 'Nothing was imported. Export again.',
  })
}

async function problemOf(row: Row, runDigest: string): Promise<string | undefined> {
  try {
    const { envelope, createdAt, ruledAt, ...texts } = row
    checkTexts(texts, `verdicts.${row.id}`)
    if (!rowSchema.safeParse(row).success) return 'It is no verdict of this version.'
    if (row.evidence.check !== row.check) return 'Its evidence is of another check.'
    return manifestProblem(row) ?? (await signatureProblem(row, runDigest))
  } catch (thrown) {
    if (!(thrown instanceof BenchError)) throw thrown
    return thrown.message
  }
}

function manifestProblem({ manifest, manifestDigest }: Row): string | undefined {
  if (manifest === null) return manifestDigest === null ? undefined : 'Its manifest is missing.'
  const { manifestDigest: own, ...content } = manifest
  return own === manifestDigest && digestJson(content) === own
    ? undefined
    : 'Its manifest does not have its own digest.'
}

/** What was signed names the run, the verdict and the manifests, of which the first is in the row. */
async function signatureProblem(row: Row, runDigest: string): Promise<string | undefined> {
  if (row.envelope === null) return row.key === null ? undefined : 'Nobody signed it, and it names a key.'
  const { keyId, payload } = await openEnvelope(row.envelope, payloadTypes.verdict)
  const input = parseJson(Buffer.from(payload).toString('utf8'), `verdicts.${row.id}.envelope`)
  const { data: signed } = verdictStatementSchema.safeParse(input)
  const isOwn =
    keyId === row.key &&
    signed?.runId === row.runId &&
    signed.manifestDigest === runDigest &&
    signed.check === row.check &&
    signed.verdict === row.verdict &&
    (signed.manifests[0] ?? null) === row.manifestDigest
  return isOwn ? undefined : 'What was signed is another verdict.'
}
