import { expect, type Page } from '@playwright/test'
import { z } from 'zod'

/** `/try/ENTRY`, for the tests of it. */

/** The rows of the exits. */
export const answers = (page: Page) =>
  page.getByRole('group', { name: 'Answers of the exits' }).locator('tbody tr')

const entries = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) })

/** A network that the site's server has trained. */
export async function openEntry(page: Page): Promise<void> {
  const answer = await page.request.get('/api/v1/entries?limit=100')
  const entry = entries.parse(await answer.json()).data.find(({ name }) => name === 'tiny-joint')
  await page.goto(`/entries/${entry?.id}`)
}

/** The same network's page to try it, as a visitor gets there. */
export async function openTry(page: Page): Promise<void> {
  await openEntry(page)
  await page.getByRole('link', { name: 'Try it in your browser' }).click()
}

/** The page's answers of a test image, each beside what the run published of it. */
export async function expectPublishedAnswers(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Test image 3,/ }).click()
  await expect(answers(page)).toHaveCount(3)
  for (const exit of [0, 1, 2]) await expect(answers(page).nth(exit)).toContainText('agrees')
}
