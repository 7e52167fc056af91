import { expect, test } from '@playwright/test'
import { listen } from './listen.ts'

/** The budget explorer, by keyboard. */

test('the explorer recomputes in the browser, by keyboard, and keeps its setting in the address', async ({
  page,
}) => {
  const complaints = listen(page)
  await page.addInitScript(() => {
    const counted = Object.assign(globalThis, { writes: 0 })
    const replaceState = history.replaceState.bind(history)
    history.replaceState = (data, unused, url) => {
      if (String(url).startsWith('?')) counted.writes++
      replaceState(data, unused, url)
    }
  })
  await page.goto('/')
  await page.getByRole('link', { name: 'tiny-joint' }).click()
  await page.getByRole('link', { name: 'budget explorer' }).first().click()
  await expect(page.getByText('Computed in your browser')).toBeVisible()
  const cell = (column: number) =>
    page
      .getByRole('group', { name: 'Where images leave' })
      .locator('tbody tr')
      .first()
      .locator('td')
      .nth(column)
  const share = () => cell(1)
  const budget = page.getByRole('slider', { name: 'Budget' })
  await budget.focus()
  await page.keyboard.press('Home')
  await expect(page).toHaveURL(/\?budget=\d+$/)
  const cheapest = Number(await share().textContent())
  await page.keyboard.press('End')
  await expect.poll(async () => Number(await share().textContent())).toBeLessThan(cheapest)
  await expect(page.getByText('fitted on validation').first()).toBeVisible()
  // With all of the budget nobody has to leave early.
  const threshold = page.getByRole('slider', { name: 'Exit 1' })
  const second = page.getByRole('slider', { name: 'Exit 2' })
  await expect(second).toHaveAttribute('aria-valuetext', 'never')
  await threshold.focus()
  for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Home')
  await expect(page).toHaveURL(/\?t=0,never$/)
  const writes = await page.evaluate(() => (globalThis as unknown as { writes: number }).writes)
  expect(writes).toBeLessThan(10)
  await expect(second).toHaveAttribute('aria-valuetext', 'never')
  await expect(share()).toHaveText('100.0')
  await expect(page.getByText('set by hand').first()).toBeVisible()
  // The same figures from the server, for whoever is sent the address.
  await page.reload()
  await expect(share()).toHaveText('100.0')
  await expect(page.getByText('Computed in your browser')).toBeVisible()
  expect(complaints).toEqual([])
})

test('a setting that is made while the predictions load is what the figures are of', async ({ page }) => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/files/*predictions.parquet', async (route) => {
    await held
    await route.continue()
  })
  await page.goto('/')
  await page.getByRole('link', { name: 'tiny-joint' }).click()
  // The page is alive once it asks for them.
  const asked = page.waitForRequest('**/files/predictions.parquet')
  await page.getByRole('link', { name: 'budget explorer' }).first().click()
  await asked
  const leave = page.getByRole('group', { name: 'Where images leave' }).locator('tbody tr').first()
  await expect(leave).not.toContainText('100.0')
  await page.getByRole('slider', { name: 'Exit 1' }).focus()
  await page.keyboard.press('Home')
  await expect(page).toHaveURL(/\?t=0,/)
  await expect(page.getByText('Chart and figures still show the previous setting.')).toBeVisible()
  release()
  await expect(page.getByText('Computed in your browser')).toBeVisible()
  await expect(leave).toContainText('100.0')
  await page.getByText('Figures of Top-1 accuracy against average MACs').click()
  // The setting, three exits, 39 points of the curve, and the head.
  const figures = page.getByRole('table', { name: 'Top-1 accuracy against average MACs' })
  await expect(figures.getByRole('row')).toHaveCount(44)
})
