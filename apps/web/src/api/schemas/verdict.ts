import { z } from '@hono/zod-openapi'
import {
  checkKinds,
  envelopeSchema,
  keyIdSchema,
  rulings,
  verdictEffects,
  verdictEvidenceSchema,
  verdictNames,
  verdictPlaceSchema,
  verdictStandings,
} from '@mate-bench/schema'
import { instantSchema } from './common.ts'
import { manifestDocumentSchema } from './run.ts'

export const verdictSchema = z
  .object({
    id: z.string(),
    runId: z.string(),
    check: z.enum(checkKinds),
    verdict: z.enum(verdictNames).meta({
      description:
        'identical: same bytes and numbers. equal: within float32. consistent: equivalent to the entry over seeds. inconsistent: none of these.',
    }),
    effect: z.enum(verdictEffects).meta({
      description: 'Raises the tier, does nothing, or takes the rank away until somebody rules on it.',
    }),
    summary: z.string().meta({ description: 'How far off, in one sentence.' }),
    cause: z.string().nullable().meta({ description: 'Most likely cause of a difference.' }),
    evidence: verdictEvidenceSchema,
    checker: z.string().meta({ description: 'Who requested the check, or ran it and sent it in.' }),
    thirdParty: z.boolean().meta({
      description:
        'Whether it was signed with a key that belongs neither to whoever made the run nor to whoever runs the site.',
    }),
    worker: z.string().nullable().meta({ description: 'The worker that made it; null if it was sent in.' }),
    place: verdictPlaceSchema.meta({ description: 'Machine and code that ran the check.' }),
    submissionId: z.string().nullable().meta({ description: 'The job that made it.' }),
    key: keyIdSchema.nullable().meta({ description: 'The key that signed it; null if unsigned.' }),
    standing: z.enum(verdictStandings).nullable().meta({
      description:
        'Of what was sent in: third-party, or why it is none. site: by who runs it. maker: by who made the run, or with a key of theirs. maker-unknown: the site does not know who made the run, so this raises nothing. unsigned: the verdict is, so this raises nothing. unregistered: the ledger did not know of the training before it began, so this raises nothing. run-unsigned: the run is. Null for a worker’s.',
    }),
    createdAt: instantSchema,
    ruling: z
      .object({ ruling: z.enum(rulings), by: z.string(), at: instantSchema, note: z.string() })
      .nullable()
      .meta({ description: 'What an operator decided about one that disputes its run.' }),
  })
  .meta({ id: 'Verdict', description: 'How a check of a published run ended.' })

export const verdictDetailSchema = verdictSchema
  .extend({
    manifest: manifestDocumentSchema
      .nullable()
      .meta({ description: 'Of the repeated training; null where nothing was trained.' }),
    envelope: envelopeSchema
      .nullable()
      .meta({ description: 'DSSE envelope with the verdict as it was signed; null where nobody signed it.' }),
  })
  .meta({ id: 'VerdictDetail' })
