import { type APIRequestContext, expect, test } from '@playwright/test'
import { decide } from './decide.ts'
import { siteAccess } from './site-token.ts'
import { tinyDocument } from './tiny-document.ts'

/** From the editor to the queue. */

const token = () => siteAccess().token

/** Gives the id of what it makes. */
async function submit(request: APIRequestContext, name: string): Promise<string> {
  const headers = { authorization: `Bearer ${token()}` }
  const made = await request.post('/api/v1/submissions', { headers, data: { ...tinyDocument, name } })
  expect(made.status()).toBe(201)
  return (await made.json()).id
}

test('a spec is checked while it is written, submitted, approved and cancelled', async ({ page }) => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto('/submit')
  await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible({ timeout: 15_000 })
  const spec = page.getByRole('textbox', { name: 'Spec' })
  const good = await spec.inputValue()
  await spec.fill(good.replace('"name": "mate"', '"name": "mat"'))
  await expect(page.getByRole('heading', { name: '1 problem' })).toBeVisible()
  await expect(page.getByText('Did you mean "mate"?')).toBeVisible()
  // A problem leads to its line, which is marked.
  const [before = ''] = good.split('"name": "mate"')
  const line = before.split('\n').length
  await expect(page.locator('.line-numbers .marked')).toHaveText(String(line))
  await page.getByRole('button', { name: `line ${line}` }).click()
  await expect(spec).toBeFocused()
  const selected = await spec.evaluate((area: HTMLTextAreaElement) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  )
  expect(selected.trim()).toBe('"name": "mat"')
  await expect(page.getByRole('button', { name: 'Submit' })).toBeDisabled()
  await spec.fill(good.replace('"quickstart-mate"', '"from-the-browser"'))
  await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible()
  await page.getByLabel('Token').fill('mb_wrong_token')
  await page.getByRole('button', { name: 'Submit' }).click()
  await expect(page.getByRole('alert').first()).not.toBeEmpty()
  await page.getByLabel('Token').fill(token())
  await page.getByRole('button', { name: 'Submit' }).click()
  await expect(page).toHaveURL(/\/submissions\/sub_[0-9a-f]{20}$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('from-the-browser')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('submitted')

  await decide(page, token(), 'Approve')
  // With no worker yet it stays approved; with one it is queued.
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/approved|queued/)
  await decide(page, token(), 'Cancel')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('cancelled')
  await expect(page.locator('main ol li')).toHaveCount(3)

  await page.getByRole('link', { name: 'Queue' }).first().click()
  const row = page.getByRole('row').filter({ hasText: 'from-the-browser' })
  await expect(row).toContainText('cancelled')
  await expect(row).toContainText('ada')
  expect(complaints).toEqual([])
})

test('a submission whose answer was lost is made once, however often it is tried', async ({
  page,
  request,
}) => {
  await page.goto('/submit')
  await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible({ timeout: 15_000 })
  const spec = page.getByRole('textbox', { name: 'Spec' })
  await spec.fill((await spec.inputValue()).replace('"quickstart-mate"', '"lost-answer"'))
  await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible()
  await page.getByLabel('Token').fill(token())
  // The server takes it in, and the line breaks before the browser hears of it.
  await page.route('**/api/v1/submissions', async (route) => {
    expect((await route.fetch()).status()).toBe(201)
    await route.abort()
  })
  await page.getByRole('button', { name: 'Submit' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'could not be reached' })).toBeVisible()
  await page.unroute('**/api/v1/submissions')
  await page.getByRole('button', { name: 'Submit' }).click()
  await expect(page).toHaveURL(/\/submissions\/sub_[0-9a-f]{20}$/)
  const { data } = await (await request.get('/api/v1/submissions?limit=100')).json()
  const made = data.filter(({ name }: { name: string }) => name === 'lost-answer')
  expect(made.map(({ id }: { id: string }) => id)).toEqual([page.url().split('/').at(-1)])
})

test('the page of a submission outlives a server that is away, and goes on when it is back', async ({
  page,
  request,
}) => {
  const id = await submit(request, 'through-an-outage')
  const heading = page.getByRole('heading', { level: 1 })
  const away = page.getByText('The server does not answer')
  await page.goto(`/submissions/${id}`)
  // The state alone is read out when it changes, not each figure of the progress.
  await expect(heading.getByRole('status')).toHaveText('submitted')
  await expect(page.locator('main [aria-live]')).toHaveCount(0)
  await page.locator('summary', { hasText: 'Approve' }).click()
  await page.getByLabel('Token').fill('typed')
  const ofSubmission = (url: URL) => url.pathname.endsWith(id)
  await page.route(ofSubmission, (route) => route.abort())
  await expect(away).toBeVisible({ timeout: 15_000 })
  await page.unroute(ofSubmission)
  await expect(away).toBeHidden({ timeout: 15_000 })
  await page.route(ofSubmission, (route) => route.fulfill({ status: 503, body: 'gone' }))
  await expect(away).toBeVisible({ timeout: 15_000 })
  const headers = { authorization: `Bearer ${token()}` }
  expect((await request.post(`/api/v1/submissions/${id}/approve`, { headers })).ok()).toBe(true)
  await expect(heading).toContainText('submitted')
  await page.unroute(ofSubmission)
  await expect(heading).toContainText(/approved|queued/, { timeout: 15_000 })
  await expect(page.getByLabel('Token')).toHaveValue('typed')
  await request.post(`/api/v1/submissions/${id}/cancel`, { headers })
})

test('a decision can say why', async ({ page, request }) => {
  await page.goto(`/submissions/${await submit(request, 'to-be-rejected')}`)
  await decide(page, token(), 'Reject', 'The same as before & no more.')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('rejected')
  await expect(page.getByRole('region', { name: 'History' }).getByRole('listitem').last()).toContainText(
    'The same as before & no more.',
  )
})

test("an example replaces a spec of one's own only when that is wished", async ({ page }) => {
  let wished = false
  let questions = 0
  page.on('dialog', (dialog) => {
    questions++
    return wished ? dialog.accept() : dialog.dismiss()
  })
  await page.goto('/submit')
  await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible({ timeout: 15_000 })
  const spec = page.getByRole('textbox', { name: 'Spec' })
  await expect(spec).toHaveAccessibleDescription('The spec is valid')
  const example = page.getByRole('button', { name: 'CIFAR-100' })
  await example.click()
  await expect(spec).toHaveValue(/"cifar100"/)
  await page.getByRole('button', { name: 'quickstart' }).click()
  expect(questions).toBe(0)
  await spec.fill('{ "name": "mine" }')
  await example.click()
  await expect(spec).toHaveValue('{ "name": "mine" }')
  wished = true
  await example.click()
  await expect(spec).toHaveValue(/"cifar100"/)
  expect(questions).toBe(2)
})

test('an editor whose checker does not load says so', async ({ page, request }) => {
  const html = await (await request.get('/submit')).text()
  // What the page names is loaded with it; the checker is asked for later.
  await page.route('**/_next/static/**', (route) => {
    const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
    return html.includes(file) ? route.continue() : route.abort()
  })
  await page.goto('/submit')
  const spec = page.getByRole('textbox', { name: 'Spec' })
  await spec.fill((await spec.inputValue()).replace('"quickstart-mate"', '"unchecked"'))
  await expect(page.getByText('The checker could not be loaded.')).toBeVisible({ timeout: 15_000 })
  await page.getByLabel('Token').fill(token())
  await expect(page.getByRole('button', { name: 'Submit' })).toBeDisabled()
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the submit page shows a checked example, and how to submit from a terminal', async ({ page }) => {
    await page.goto('/submit')
    await expect(page.getByRole('heading', { name: 'The spec is valid' })).toBeVisible()
    await expect(page.locator('noscript p')).toContainText('Editing needs JavaScript.')
    await expect(page.locator('noscript pre')).toContainText('mate-bench submit')
    await expect(page.getByRole('button', { name: 'Submit' })).toBeDisabled()
  })
})
