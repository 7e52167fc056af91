import type { RunDetail, RunOrigin } from '@mate-bench/store'

/** Something that happened to runs, and where to read on. */
export interface PublicEvent {
  /** ISO 8601. */
  readonly at: string
  readonly what: 'submitted' | 'approved' | 'trained' | 'published'
  /** What it happened to, in words. */
  readonly subject: string
  readonly href: string
  readonly note: string
}

type HistoricRun = Pick<RunDetail, 'id' | 'seed' | 'tier' | 'publishedAt' | 'finishedAt' | 'backend'>

/** From the submission, where there was one, to publication: oldest first. */
export function publicHistory(runs: readonly HistoricRun[], origins: readonly RunOrigin[]): PublicEvent[] {
  const decisions = origins.flatMap(({ submissionId, history }) =>
    history.flatMap(({ at, actor, toState, note }) =>
      toState === 'submitted' || toState === 'approved'
        ? [
            {
              at: at.toISOString(),
              what: toState,
              subject: 'submission',
              href: `/submissions/${submissionId}`,
              note: `by ${actor}${note === null ? '' : `: ${note}`}`,
            },
          ]
        : [],
    ),
  )
  const ofRuns = runs.flatMap(({ id, seed, tier, publishedAt, finishedAt, backend }) => {
    const run = { subject: `seed ${seed}`, href: `/runs/${id}` }
    return [
      { ...run, at: finishedAt.toISOString(), what: 'trained' as const, note: `with ${backend}` },
      { ...run, at: publishedAt.toISOString(), what: 'published' as const, note: `tier ${tier}` },
    ]
  })
  // The order of the list decides at one moment: a run is trained before it is published.
  return [...decisions, ...ofRuns].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
