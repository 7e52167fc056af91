import { type BatchStatus, hasEnded } from '@mate-bench/store'
import type { BatchService, ServiceJob } from '../batch-service.ts'

/** AWS Batch as far as these functions see it; its protocol is tested beside the fake that speaks it. */
export class MemoryService implements BatchService {
  readonly jobs = new Map<string, ServiceJob>()
  readonly ended: string[] = []
  problem: Error | undefined
  /** Called after a job was taken and before the answer is given. */
  afterSubmit: () => void = () => {}
  #next = 0

  async submit({ runId }: { runId: string }): Promise<string> {
    if (this.problem) throw this.problem
    const batchJobId = `job-${++this.#next}`
    this.set(batchJobId, runId, 'SUBMITTED')
    this.afterSubmit()
    return batchJobId
  }
  async describe(ids: readonly string[]): Promise<ServiceJob[]> {
    return ids.flatMap((id) => this.jobs.get(id) ?? [])
  }
  async find(runId: string): Promise<ServiceJob[]> {
    return [...this.jobs.values()].filter((job) => job.runId === runId)
  }
  async listOpen(): Promise<ServiceJob[]> {
    return [...this.jobs.values()].filter(({ status }) => !hasEnded(status))
  }
  async terminate(id: string): Promise<void> {
    this.ended.push(id)
    const job = this.jobs.get(id)
    if (job) this.set(id, job.runId, 'FAILED')
  }
  set(batchJobId: string, runId: string, status: BatchStatus, attempt = 1): void {
    const job = { batchJobId, runId, status, attempt, reason: undefined, logStream: undefined }
    this.jobs.set(batchJobId, { ...job, tagged: true })
  }
}
