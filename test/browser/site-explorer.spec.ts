import { expect, type Page, test } from '@playwright/test'
import { listen } from './listen.ts'

/** The budget explorer: by keyboard, by mouse, and as a form. */

async function openExplorer(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: 'tiny-joint' }).click()
  await page.getByRole('link', { name: 'budget explorer' }).first().click()
}

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
  await openExplorer(page)
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
  // The head, the setting, three exits, the oracle, the published curve of 39 points, and the rules.
  const figures = page.getByRole('table', { name: 'Top-1 accuracy against average MACs' })
  await expect(figures.getByRole('rowheader', { name: /^all at exit/ })).toHaveCount(3)
  await expect(figures.getByRole('rowheader', { name: /^Oracle/ })).toHaveCount(4)
  await expect(figures.getByRole('rowheader', { name: /^Published budgeted curve/ })).toHaveCount(39)
  await expect(figures.getByRole('rowheader', { name: /^Entropy/ })).not.toHaveCount(0)
})

test('rules, targets and a guarantee are fitted on validation, for every seed, and stand in the address', async ({
  page,
}) => {
  const complaints = listen(page)
  await openExplorer(page)
  await expect(page.getByText('Computed in your browser')).toBeVisible()
  const seeds = page.getByRole('table', { name: 'All seeds' })
  await expect(seeds.locator('tbody tr')).toHaveCount(3)
  const mean = seeds.locator('tbody tr').last()

  await page.getByRole('radio', { name: 'Entropy' }).check()
  await expect(page).toHaveURL(/\?rule=entropy&budget=\d+$/)
  await expect(seeds.locator('tbody td').first()).toHaveText(/ nats$|^never$/)

  // An accuracy that none of the tiny networks has.
  await page.getByRole('spinbutton', { name: 'Accuracy to reach, in percent' }).fill('100')
  await expect(page).toHaveURL(/\?rule=entropy&accuracy=100$/)
  await expect(page.getByText('No setting of this rule reaches that accuracy')).toBeVisible()
  await expect(page.getByText('100.0 %')).toBeVisible() // of the full cost
  await page.getByRole('spinbutton', { name: 'Accuracy to reach, in percent' }).fill('0')
  await expect(page.getByText(/^Fitted on validation/)).toBeVisible()

  // Twenty validation images are too few for a point, and enough for half of all.
  await page.getByRole('radio', { name: 'Guaranteed to lose less than' }).check()
  await expect(page).toHaveURL(/\?rule=entropy&loss=1$/)
  await expect(page.getByText('there are too few validation images')).toBeVisible()
  await expect(mean).toContainText('0.00')
  const loss = page.getByRole('spinbutton', { name: 'Loss of accuracy, in points' })
  await loss.fill('50')
  await expect(page).toHaveURL(/loss=50$/)
  await expect(page.getByText('The loss is below 50 points with 95 % probability')).toBeVisible()
  const figures = await mean.textContent()

  // The same from the server, for whoever is sent the address.
  await page.reload()
  await expect(page.getByText('The loss is below 50 points with 95 % probability')).toBeVisible()
  await expect(mean).toHaveText(figures ?? '')
  await expect(page.getByRole('radio', { name: 'Entropy' })).toBeChecked()
  await expect(loss).toHaveValue('50')

  await page.getByRole('radio', { name: 'Patience' }).check()
  await expect(page.getByRole('slider', { name: 'Exits in a row' })).toHaveAttribute(
    'aria-valuetext',
    /^1 in a row$|^never$/,
  )
  expect(complaints).toEqual([])
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the explorer is a form', async ({ page }) => {
    await openExplorer(page)
    await expect(page.getByText('Loading predictions')).toHaveCount(0)
    await page.getByRole('radio', { name: 'Patience' }).check()
    await page.getByRole('radio', { name: 'Cheapest with an accuracy of' }).check()
    await page.getByRole('spinbutton', { name: 'Accuracy to reach, in percent' }).fill('0')
    await page.getByRole('button', { name: 'Compute' }).click()
    await expect(page).toHaveURL(/rule=patience&.*goal=accuracy/)
    await expect(page.getByRole('radio', { name: 'Patience' })).toBeChecked()
    await expect(page.getByRole('group', { name: 'Where images leave' })).toContainText('1 in a row')
  })
})

test('entries and runs show the settings that their manifests guarantee', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'tiny-joint' }).click()
  const table = page.getByRole('table', { name: 'Guaranteed settings' })
  // Three rules at four bounds, which twenty images are too few for.
  await expect(table.locator('tbody tr')).toHaveCount(12)
  await expect(table.locator('tbody tr').first()).toContainText('none: all at the last exit')
  await page.getByRole('link', { name: 'The explorer' }).click()
  await expect(page).toHaveURL(/\/explore\/run_[0-9a-z]+\?loss=1$/)
  await page.goBack()
  await page.getByRole('table').getByRole('link', { name: /^run_/ }).first().click()
  await expect(page.getByRole('table', { name: 'Guaranteed settings' }).locator('tbody tr')).toHaveCount(12)
})
