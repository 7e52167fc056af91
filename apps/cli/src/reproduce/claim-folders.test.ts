import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { claimFolders, requireAnother } from './claim-folders.ts'

const out = mkdtempSync(join(tmpdir(), 'claim-folders-'))
afterAll(() => rmSync(out, { recursive: true }))

const runId = `run_${'1'.repeat(20)}`
const [teacher, first, second] = ['teacher-seed1', 'student-seed1', 'student-seed2'].map((name) =>
  join(out, name),
) as [string, string, string]
const trainedBefore = expect.objectContaining({ code: 'conflict' })

it('lets an interrupted reproduction go on with the runs that it finished, and no other', () => {
  claimFolders(out, runId, [teacher, first])
  // The teacher was trained, then the machine went away.
  mkdirSync(teacher)
  claimFolders(out, runId, [teacher, first])
  mkdirSync(second)
  expect(() => claimFolders(out, runId, [teacher, first, second])).toThrow(trainedBefore)
  expect(() => claimFolders(out, `run_${'2'.repeat(20)}`, [teacher])).toThrow(trainedBefore)

  claimFolders(out, runId, [teacher, first]).release()
  expect(readdirSync(out).sort()).toEqual(['student-seed2', 'teacher-seed1'])
  expect(() => claimFolders(out, runId, [teacher, first])).toThrow(trainedBefore)
})

it('takes no copy of the published run for a training of it', () => {
  expect(() => requireAnother(first, runId, runId)).toThrow(/the published run itself/)
  expect(() => requireAnother(first, `run_${'2'.repeat(20)}`, runId)).not.toThrow()
})
