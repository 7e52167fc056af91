import type { Manifest } from '@mate-bench/schema'
import type { Report } from './check.ts'

/**
 * What a manifest says that no file of the run can prove. It is bounded in form by the manifest's schema, told as a
 * claim, and believed by nobody: training the spec again is what would show it.
 */
export async function checkClaims(manifest: Manifest, report: Report): Promise<void> {
  const { environment, code, timing } = manifest
  const { backend } = environment
  await report.check('deterministic', () => {
    // Only a GPU may sum in another order each time, and be off by as much when it is asked again.
    if (!manifest.deterministic && backend.name !== 'tensorflow-gpu') {
      throw new Error(
        `the backend ${backend.name} gives the same bytes every time, and the run says that it does not`,
      )
    }
    return manifest.deterministic
      ? 'the same bytes every time'
      : `not the same bytes every time, on ${backend.name}`
  })
  const commit = code.commit === null ? 'no commit' : `commit ${code.commit.slice(0, 12)}`
  report.add(
    'claims of the run',
    'claimed',
    `files cannot prove ${commit}, backend ${backend.name} ${backend.version}, the machine, the times (${timing.startedAt} to ${timing.finishedAt}), nor that the weights came of this training; \`mate-bench reproduce\` trains it again`,
  )
}
