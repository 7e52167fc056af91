import type { BatchClient, SubmitJobCommand } from '@aws-sdk/client-batch'
import { expect, it } from 'vitest'
import { openBatchService } from './batch-service.ts'

it('submits each job with its queue’s tag, since the right to end it depends on that', async () => {
  const sent: SubmitJobCommand['input'][] = []
  const client = {
    send: async ({ input }: SubmitJobCommand) => {
      sent.push(input)
      return { jobId: 'job' }
    },
  } as unknown as BatchClient
  const jobQueue = 'arn:aws:batch:us-east-1:111111111111:job-queue/gpu'
  const service = openBatchService({ jobQueue, jobDefinition: 'trainer:1' }, client)
  expect(await service.submit({ runId: 'run_1', submissionId: 'sub_1' })).toBe('job')
  expect(sent.map(({ tags }) => tags)).toEqual([
    { submission: 'sub_1', run: 'run_1', 'mate-bench:queue': jobQueue },
  ])
})
