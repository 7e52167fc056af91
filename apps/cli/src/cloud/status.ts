import { BenchError } from '@mate-bench/schema'
import { loadTrainingJob, recentTrainingJobs, type TrainingJob, trainingJobsOf } from '@mate-bench/store'
import { createPainter } from '../format/paint.ts'
import { formatTable } from '../format/table.ts'
import { withDeploymentStore } from './deployment-store.ts'

/** Prints jobs: of a submission, of a run, or those under way and the last that ended. */
export async function showStatus(id: string | undefined, json: boolean): Promise<void> {
  await withDeploymentStore(async ({ db }) => {
    const jobs = id === undefined ? await recentTrainingJobs(db, 50) : await jobsOf(db, id)
    if (json) {
      process.stdout.write(`${JSON.stringify({ jobs: jobs.map(describeJob) }, null, 2)}\n`)
      return
    }
    if (jobs.length === 0) {
      process.stdout.write('No job has been submitted to the cloud yet.\n')
      return
    }
    process.stdout.write(`${formatJobs(jobs)}\n`)
  })
}

async function jobsOf(db: Parameters<typeof trainingJobsOf>[0], id: string): Promise<TrainingJob[]> {
  if (id.startsWith('run_')) return [(await loadTrainingJob(db, id)).job]
  const jobs = await trainingJobsOf(db, id)
  if (jobs.length > 0) return jobs
  throw new BenchError({
    code: 'not-found',
    message: `No job belongs to ${id.slice(0, 80)}.`,
    path: 'id',
    hint: 'Give a submission (sub_...) that trains in the cloud, or a run (run_...).',
  })
}

function describeJob(job: TrainingJob) {
  const { runId, submissionId, seed, state, batchJobId, batchStatus, attempt, failure } = job
  const { createdAt, startedAt, finishedAt, updatedAt, progress } = job
  return {
    runId,
    submissionId,
    seed,
    state,
    attempt,
    batchJobId,
    batchStatus,
    failure,
    progress,
    createdAt,
    startedAt,
    finishedAt,
    updatedAt,
  }
}

function formatJobs(jobs: readonly TrainingJob[]): string {
  const paint = createPainter(process.stdout)
  return formatTable(
    [
      { title: 'run' },
      { title: 'submission' },
      { title: 'seed', align: 'right' },
      { title: 'state' },
      { title: 'attempt', align: 'right' },
      { title: 'AWS Batch' },
      { title: 'updated' },
    ],
    jobs.map((job) => [
      job.runId,
      job.submissionId,
      String(job.seed),
      job.failure === null ? job.state : `${job.state}: ${job.failure.slice(0, 60)}`,
      String(job.attempt),
      job.batchStatus ?? '-',
      job.updatedAt.toISOString().replace('T', ' ').slice(0, 19),
    ]),
    paint,
  )
}
