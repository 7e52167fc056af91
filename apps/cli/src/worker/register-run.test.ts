import { digestSpec } from '@mate-bench/harness/spec'
import { digestExperiment, digestJson } from '@mate-bench/provenance'
import { createSubmission, createToken, recordStart } from '@mate-bench/store'
import { openTestStore } from '@mate-bench/store/testing'
import { expect, it } from 'vitest'
import { tinySpec } from '../../../../test/support/tiny-spec.ts'
import { registerRun } from './register-run.ts'

it('makes ids of runs that nobody can make of what is public of a submission', async () => {
  const store = await openTestStore()
  const { db } = store
  const spec = tinySpec()
  const expiresAt = new Date(Date.now() + 1e6)
  const token = await createToken(db, { name: 't', owner: 'ada', scopes: ['submit'], expiresAt })
  const own = { spec, specDigest: digestSpec(spec), totalMacs: 1, tokenId: token.id, submitter: 'ada' }
  const submission = await db.transaction((tx) => createSubmission(tx, own))
  const twin = await db.transaction((tx) => createSubmission(tx, own))
  expect(submission.runNonce).not.toBe(twin.runNonce)
  // Somebody else has the id that public values give written down, with another spec.
  const { id: submissionId } = submission
  const guessed = `run_${digestJson({ submissionId, seed: 1 }).slice('sha256:'.length, 'sha256:'.length + 20)}`
  const foreign = {
    ...{ runId: guessed, specDigest: `sha256:${'0'.repeat(64)}`, seed: 1 },
    experimentDigest: digestExperiment(spec),
  }
  await recordStart(db, foreign, { key: `ed25519:${'e'.repeat(64)}` })
  const runId = await registerRun({ db }, { submission, spec }, 1)
  expect(runId).not.toBe(guessed)
  // Whichever worker goes on with it, it is the same run.
  expect(await registerRun({ db }, { submission, spec }, 1)).toBe(runId)
  expect(await registerRun({ db }, { submission, spec }, 2)).not.toBe(runId)
  await store.close()
})
