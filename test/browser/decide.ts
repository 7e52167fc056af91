import type { Page } from '@playwright/test'

/** On the page of a submission: unfolds the decisions, types the token, and decides. */
export async function decide(
  page: Page,
  token: string,
  name: 'Approve' | 'Cancel' | 'Reject',
  note = '',
): Promise<void> {
  const fold = page.locator('details').filter({ has: page.getByLabel('Token') })
  if (!(await fold.evaluate((element: HTMLDetailsElement) => element.open)))
    await fold.locator('summary').click()
  await page.getByLabel('Token').fill(token)
  await page.getByLabel('Note (optional)').fill(note)
  await page.getByRole('button', { name }).click()
}
