import { expect, test } from '@playwright/test'
import { decide } from './decide.ts'
import { siteAccess } from './site-token.ts'

/** From the editor to the queue. */

const token = () => siteAccess().token

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
