import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { type StartedProgram, startProgram } from '../support/start-program.ts'
import { decide } from './decide.ts'
import { siteAccess } from './site-token.ts'
import { tinyDocument } from './tiny-document.ts'

/** From the editor to an entry on the board, with `mate-bench worker` in a process beside the site. */

let runs: string
let worker: StartedProgram

test.beforeAll(async () => {
  runs = mkdtempSync(join(tmpdir(), 'mate-bench-worker-'))
  const { environment } = siteAccess()
  const nowhereElse = { DATABASE_URL: '', POSTGRES_URL: '' }
  worker = startProgram(['worker', '--backend', 'wasm', '--runs', runs], { ...environment, ...nowhereElse })
  await worker.says(/^Worker /m)
})
test.afterAll(async () => {
  worker.child.kill('SIGTERM')
  await worker.ended
  rmSync(runs, { recursive: true, force: true })
})

test('what is submitted and approved waits, is trained or cancelled, and becomes an entry, without a page being loaded again', async ({
  page,
  context,
  request,
}, { retry }) => {
  test.setTimeout(240_000)
  // Runs for as long as nobody cancels it.
  const endless = { ...tinyDocument, name: `endless-${retry}` }
  await submitInPage(page, { ...endless, training: { ...tinyDocument.training, epochs: 10_000 } })
  await decide(page, siteAccess().token, 'Approve')
  const heading = (of: Page) => of.getByRole('heading', { level: 1 })
  await expect(heading(page)).toContainText('running', { timeout: 60_000 })

  const progress = page.getByRole('group', { name: 'Runs at work' })
  const step = async () => {
    const [, epoch = '', ofSteps = '0'] =
      /(\d+) of 10000(?:, step (\d+))?/.exec((await progress.textContent()) ?? '') ?? []
    return 1000 * Number(epoch) + Number(ofSteps)
  }
  await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(0)
  const before = await step()
  await expect.poll(step, { timeout: 30_000 }).toBeGreaterThan(before)
  await expect(page.getByRole('progressbar', { name: 'Done' })).toBeVisible()
  await expect(page.getByRole('group', { name: 'Log' })).toContainText(/\d\d:\d\d:\d\d {2}\S/)

  const ahead = await submitToApi(request, `ahead-${retry}`)
  const behind = await context.newPage()
  const name = `through-the-queue-${retry}`
  await submitInPage(behind, { ...tinyDocument, name })
  await decide(behind, siteAccess().token, 'Approve')
  await expect(heading(behind)).toContainText('queued')
  const place = behind.locator('dt:text-is("Ahead in the queue") + dd')
  await expect(place).toHaveText('1 submission')
  await act(request, ahead, 'cancel')
  await expect(place).toHaveText('none')

  const queue = await context.newPage()
  await queue.goto('/queue')
  const row = (text: string) => queue.getByRole('row').filter({ hasText: text })
  await expect(row(endless.name)).toContainText('running')
  await expect(row(endless.name).getByRole('progressbar')).toBeVisible()
  await expect(row(`ahead-${retry}`)).toContainText('cancelled')
  await expect(row(name)).toContainText('next in the queue')

  await decide(page, siteAccess().token, 'Cancel')
  await expect(heading(page)).toContainText('cancelled', { timeout: 60_000 })
  await expect(page.getByRole('region', { name: 'Published runs' })).toHaveCount(0)
  await expect(page.locator('main ol li').last()).toContainText('cancelled')
  // Its place is free.
  await expect(heading(behind)).toContainText('finished', { timeout: 120_000 })
  await expect(row(name)).toContainText('finished', { timeout: 20_000 })

  await behind.getByRole('region', { name: 'Published runs' }).getByRole('link').click()
  await expect(heading(behind)).toHaveText(`${name}, seed 1`)
  await behind.getByRole('link', { name, exact: true }).first().click()
  await expect(heading(behind)).toHaveText(name)
  await behind.locator('main a[href^="/?track="]').first().click()
  await expect(behind.locator('form[action="/compare"] tr.folded th a', { hasText: name })).toBeVisible()
})

async function submitInPage(page: Page, document: typeof tinyDocument): Promise<void> {
  await page.goto('/submit')
  await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible({ timeout: 30_000 })
  await page.getByRole('textbox', { name: 'Spec' }).fill(JSON.stringify(document, null, 2))
  await page.getByLabel('Token').fill(siteAccess().token)
  await page.getByRole('button', { name: 'Submit' }).click()
  await expect(page).toHaveURL(/\/submissions\/sub_[0-9a-f]{20}$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(document.name)
}

/** Submits and approves it; gives its id. */
async function submitToApi(request: APIRequestContext, name: string): Promise<string> {
  const made = await request.post('/api/v1/submissions', {
    headers: { authorization: `Bearer ${siteAccess().token}` },
    data: { ...tinyDocument, name },
  })
  expect(made.status()).toBe(201)
  const { id } = await made.json()
  await act(request, id, 'approve')
  return id
}

async function act(request: APIRequestContext, id: string, name: 'approve' | 'cancel'): Promise<void> {
  const headers = { authorization: `Bearer ${siteAccess().token}` }
  const answer = await request.post(`/api/v1/submissions/${id}/${name}`, { headers })
  expect(answer.ok()).toBe(true)
}
