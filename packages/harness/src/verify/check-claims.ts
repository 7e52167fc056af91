import type { Manifest } from '@mate-bench/schema'
import { type Report, same } from './check.ts'

/**
 * What a manifest says that no file of the run can prove. It is bounded in form by the manifest's schema, told as a
 * claim, and believed by nobody: training the spec again is what would show it.
 */
export async function checkClaims(manifest: Manifest, report: Report): Promise<void> {
  const { environment, code, timing } = manifest
  const { backend } = environment
  await report.check('deterministic', () =>
    same(`${backend.name}: ${manifest.deterministic}`, `${backend.name}: ${isDeterministic(manifest)}`),
  )
  const commit = code.commit === null ? 'no commit' : `commit ${code.commit.slice(0, 12)}`
  report.add(
    'claims of the run',
    'claimed',
    `files cannot prove ${commit}, backend ${backend.name} ${backend.version}, the machine, the times (${timing.startedAt} to ${timing.finishedAt}), nor that the weights came of this training; \`mate-bench reproduce\` trains it again`,
  )
}

/** What follows from how a run computed: a GPU has to be told, and a run that went on elsewhere is nobody's to repeat. */
function isDeterministic({ environment, timing }: Manifest): boolean {
  const { name, settings, adapter } = environment.backend
  const steady =
    name === 'webgpu'
      ? adapter?.sameBytesTwice === true
      : name !== 'tensorflow-gpu' || settings?.deterministicOps === true
  return steady && (timing.environmentChanges ?? []).length === 0
}
