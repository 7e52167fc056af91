import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { launcherFromEnvironment } from '@mate-bench/cloud'
import { digestSpec, type Spec } from '@mate-bench/harness'
import {
  approveSubmission,
  createSubmission,
  createToken,
  findRun,
  getSubmission,
  trainingJobsOf,
} from '@mate-bench/store'
import { openTestStore, type TestStore } from '@mate-bench/store/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type BuiltImage, ImageStore, missingForImages } from '../support/buildah/image-store.ts'
import { type Cloud, startCloud } from '../support/cloud.ts'
import { tinySpec } from '../support/tiny-spec.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
const missing = missingForImages()

it.runIf(process.env.MATE_BENCH_REQUIRE_IMAGE)('has what images are built with', () => {
  expect(missing).toBeUndefined()
})

describe.skipIf(missing)(`the training image${missing ? `: needs ${missing}` : ''}`, () => {
  let images: ImageStore
  let image: BuiltImage
  beforeAll(async () => {
    const began = performance.now()
    images = await ImageStore.open()
    image = await images.build('localhost/trainer', `${root}/functions/trainer/trainer.Dockerfile`, root, {
      BASE_IMAGE: await images.buildBase(),
      ENGINE: 'cpu',
      MATE_BENCH_COMMIT: commit,
      MATE_BENCH_DIRTY: 'false',
    })
    const seconds = (performance.now() - began) / 1000
    process.stdout.write(
      `${image.reference}: ${(image.bytes / 1e6).toFixed(0)} MB, built with its base in ${seconds.toFixed(0)} s\n`,
    )
  })
  afterAll(async () => {
    await images?.close()
  })

  it('says how it is started and stopped, and holds no secret', () => {
    expect(image.config).toMatchObject({ User: 'trainer', WorkingDir: '/app', StopSignal: 'SIGTERM' })
    expect(image.config.Env?.join('\n')).not.toMatch(/password|secret|token|postgres:|AKIA/i)
  })

  it('starts the trainer as an ordinary user, who can write where runs are kept and nowhere in the code', async () => {
    const script =
      'id -u; node --version; touch /scratch/run && echo scratch; touch /app/code || echo no code'
    const said = await images.run(image.name, 'sh', '-c', script)
    expect(said.split('\n')).toEqual(['10001', expect.stringMatching(/^v22\./), 'scratch', 'no code'])
    expect(await images.run(image.name, ...(image.config.Cmd ?? []))).toContain('Usage: trainer')
  })

  it('has an engine whose libraries load on its base, and no other', async () => {
    const check = ['node', 'functions/trainer/bin/check-libraries.js']
    expect(await images.run(image.name, ...check, 'cpu')).toMatch(
      /^tensorflow 2\.18\.1: its libraries load$/m,
    )
    await expect(images.run(image.name, ...check, 'gpu')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('tensorflow-gpu is not installed'),
    })
  })

  describe('in the cloud', () => {
    let store: TestStore
    let tokenId: string
    /** What the functions would have in their logs. */
    const said: string[] = []
    let cloud: Cloud | undefined
    beforeAll(async () => {
      for (const name of ['log', 'error'] as const) {
        vi.spyOn(console, name).mockImplementation((line) => said.push(String(line)))
      }
      store = await openTestStore('vercel')
      const token = {
        name: 'test',
        owner: 'ada',
        scopes: ['submit' as const],
        expiresAt: new Date('2100-01-01'),
      }
      tokenId = (await createToken(store.db, token)).id
    })
    afterAll(async () => {
      await cloud?.close()
      await store?.close()
      vi.restoreAllMocks()
    })

    it('trains on TensorFlow through the loss of its machine, and the entry says in which image', async () => {
      cloud = await cloudOfContainers({ MATE_BENCH_TRAINER_BACKEND: 'tensorflow' })
      const { training } = tinySpec()
      const spec = tinySpec({ name: 'in-a-container', training: { ...training, epochs: 40 }, seeds: [1] })
      const id = await approved(spec)

      // The machine is taken away once the job has a checkpoint elsewhere.
      const { runId, batchJobId } = await until(async () => {
        const [job] = await trainingJobsOf(store.db, id)
        if (!job?.batchJobId) return undefined
        const keys = await cloud?.keys(`checkpoints/${job.runId}/checkpoint.json`)
        return keys?.length === 1 ? { runId: job.runId, batchJobId: job.batchJobId } : undefined
      })
      cloud.batch.reclaim(batchJobId)

      const { submission } = await until(async () => {
        const detail = await getSubmission(store.db, id)
        return ['finished', 'failed', 'cancelled'].includes(detail.submission.state) ? detail : undefined
      })
      expect(submission.state, cloud.log()).toBe('finished')
      expect(await trainingJobsOf(store.db, id)).toMatchObject([{ state: 'succeeded', attempt: 2 }])
      expect(cloud.log()).toContain('goes on in epoch')
      expect(await cloud.keys('checkpoints/')).toEqual([])

      const manifest = (await findRun(store.db, runId))?.manifest
      expect(manifest?.timing.resumptions).toBe(1)
      expect(manifest?.code).toMatchObject({ commit, dirty: false })
      expect(manifest?.environment).toMatchObject({
        node: expect.stringMatching(/^v22\./),
        container: image.reference,
        backend: { name: 'tensorflow', libraries: { libtensorflow: '2.18.1' } },
      })
      await cloud.close()
    })

    it('ends with 69 where nobody allowed a CPU, and is not tried again', async () => {
      cloud = await cloudOfContainers({})
      const id = await approved(tinySpec({ name: 'no-gpu', seeds: [1] }))
      const { submission } = await until(async () => {
        const detail = await getSubmission(store.db, id)
        return detail.submission.state === 'failed' ? detail : undefined
      })
      expect(submission.failure).toContain('tensorflow-gpu')
      const ended = await until(async () => cloud?.events.find(({ detail }) => detail.status === 'FAILED'))
      expect(ended.detail.attempts).toMatchObject([{ container: { exitCode: 69 } }])
    })

    async function cloudOfContainers(environment: Readonly<Record<string, string>>): Promise<Cloud> {
      const trainer = { start: images.containers(image.name), image: image.reference, environment }
      return await startCloud(store.url, trainer)
    }

    async function approved(spec: Spec): Promise<string> {
      const submission = { spec, specDigest: digestSpec(spec), totalMacs: 1, tokenId, submitter: 'ada' }
      const { id } = await createSubmission(store.db, submission)
      await approveSubmission(store.db, launcherFromEnvironment(), { id, actor: 'grace' })
      return id
    }

    async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
      for (let tries = 0; tries < 2500; tries++) {
        const found = await look()
        if (found !== undefined) return found
        await sleep(100)
      }
      throw new Error(`It never came to that:\n${[...said, cloud?.log()].join('\n')}`)
    }
  })
})
