import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import { decide } from './decide.ts'
import { cloudTokenFile } from './site-token.ts'
import { tinyDocument } from './tiny-document.ts'

/** From the editor to an entry, with the training done by a job that loses its machine on the way. */

const token = () =>
  z.object({ token: z.string() }).parse(JSON.parse(readFileSync(cloudTokenFile, 'utf8'))).token

const spec = { ...tinyDocument, name: 'through-the-cloud' }

test('a spec that is submitted and approved here trains there, and becomes an entry', async ({
  page,
  request,
}) => {
  test.setTimeout(240_000)
  await page.goto('/submit')
  await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible({ timeout: 30_000 })
  await page.getByRole('textbox', { name: 'Spec' }).fill(JSON.stringify(spec, null, 2))
  await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible()
  await page.getByLabel('Token').fill(token())
  await page.getByRole('button', { name: 'Submit' }).click()
  await expect(page).toHaveURL(/\/submissions\/sub_[0-9a-f]{20}$/)
  await decide(page, token(), 'Approve')
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/queued|running|finished/, {
    timeout: 30_000,
  })
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('finished', { timeout: 1000 })
  }).toPass({ timeout: 180_000 })

  const submissionId = page.url().split('/').at(-1)
  const { runIds } = await (await request.get(`/api/v1/submissions/${submissionId}`)).json()
  expect(runIds).toHaveLength(1)
  const manifest = await (await request.get(`/api/v1/runs/${runIds[0]}/manifest`)).json()
  expect(manifest.timing.resumptions).toBe(1)
  expect(manifest.runId).toBe(runIds[0])
  const predictions = await (await request.get(`/api/v1/runs/${runIds[0]}/predictions`)).json()
  expect(predictions.exits).toHaveLength(3)

  await page.goto('/')
  await page.getByRole('link', { name: 'through-the-cloud' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('through-the-cloud')
})
