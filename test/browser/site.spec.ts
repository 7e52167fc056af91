import { expect, type Page, test } from '@playwright/test'
import { entryNames } from './board-page.ts'
import { listen } from './listen.ts'

/** The site as a reader uses it: board, filters, comparison. */

const openTrack = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Tracks' }).getByRole('link', { name }).click()

test('the front page says who leads, and how sure that is', async ({ page }) => {
  await page.goto('/')
  const answer = page.getByRole('region', { name: 'The answer so far on fashion-mnist-mini' })
  await expect(answer).toContainText(/(mate|joint) (leads with|has the highest mean:) \d+\.\d\d\s% top-1 \[/)
  await expect(answer).toContainText(/joint training/i)
  for (const name of ['Browse the board', 'Reproduce a number', 'Submit a method']) {
    await expect(page.getByRole('link', { name })).toBeVisible()
  }
})

test('the page of a run computes the proofs of its events again, in the browser', async ({ page }) => {
  const complaints = listen(page)
  await page.goto('/')
  await entryNames(page).first().click()
  await page.locator('a[href^="/runs/run_"]').first().click()
  await expect(page.getByText('Checked in your browser: the proofs hold.')).toBeVisible()
  await expect(page.getByText('finished, is in the tree under that head')).toBeVisible()
  expect(complaints).toEqual([])
})

test('numbers of papers are drawn when asked for, each with its paper and what to know of it', async ({
  page,
}) => {
  const complaints = listen(page)
  await page.goto('/')
  await openTrack(page, 'cifar100')
  await expect(page.getByRole('heading', { name: 'cifar100 leaderboard' })).toBeVisible()
  const fold = page.getByText(/published numbers with their papers$/)
  await expect(fold).toHaveCount(0)
  await page.getByRole('link', { name: 'Published numbers' }).click()
  await expect(fold).toBeVisible()
  const marks = page.locator('.chart [data-key="printed in papers"] use')
  const drawn = await marks.count()
  expect(drawn).toBeGreaterThan(10)
  await fold.click()
  const table = page.getByRole('table', { name: 'Published numbers of the chart' })
  // A row a mark, and the head.
  await expect(table.getByRole('row')).toHaveCount(drawn + 1)
  const row = table.getByRole('row').filter({ hasText: 'DFS' }).filter({ hasText: '74.17' })
  await expect(row).toContainText('Gong et al. 2024')
  await expect(row).toContainText('169.62')
  await expect(page.getByRole('link', { name: /^Deep Feature Surgery/ })).toHaveAttribute(
    'href',
    'https://arxiv.org/abs/2407.13986',
  )
  await expect(page.getByText(/^Trained with AutoAugment and Cutout/)).toBeVisible()
  expect(complaints).toEqual([])
})

test('a filter that the chosen track knows nothing of is shown while it holds', async ({ page }) => {
  await page.goto('/?method=mate')
  await openTrack(page, 'cifar100')
  await expect(page.getByText('No entry of this track passes the filters.')).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Method' })).toHaveValue('mate')
})

test('however a table is sorted, cut and filtered, search engines are told of one address', async ({
  page,
  baseURL,
}) => {
  const canonical = page.locator('head > link[rel=canonical]')
  await page.goto('/?sort=name&unit=flops&method=joint')
  await expect(canonical).toHaveAttribute('href', new RegExp(`^${baseURL}/?$`))
  await openTrack(page, 'cifar100')
  await expect(canonical).toHaveAttribute('href', new RegExp(`^${baseURL}/\\?track=[0-9a-f]{8}$`))
})

test('the head of a page marks the section that it belongs to', async ({ page, baseURL }) => {
  const marked = page.getByRole('navigation', { name: 'Pages' }).locator('[aria-current]')
  for (const [path, name, mark] of [
    ['/', 'Board', 'page'],
    ['/?method=joint', 'Board', 'page'],
    ['/methods/mate', 'Methods', 'true'],
    ['/docs/api', 'Docs', 'true'],
  ] as const) {
    await page.goto(new URL(path, baseURL).href)
    await expect(marked).toHaveText(name)
    await expect(marked).toHaveAttribute('aria-current', mark)
  }
  await page.goto('/about')
  await expect(marked).toHaveCount(0)
})

test('a link to a shape of the API unfolds it', async ({ page }) => {
  await page.goto('/docs/api')
  const link = page.locator('a[href^="#shape-"]').first()
  const shape = page.locator((await link.getAttribute('href')) ?? '')
  await expect(shape).toBeHidden()
  await link.click()
  await expect(shape).toBeVisible()
})

test('the view downloads as CSV, JSON, LaTeX and BibTeX', async ({ page, request }) => {
  await page.goto('/?method=mate')
  const href = (name: string) => page.getByRole('link', { name, exact: true }).getAttribute('href')
  const csv = await request.get((await href('CSV')) ?? '')
  expect((await csv.text()).trimEnd().split('\r\n')).toHaveLength(5)
  const json = await (await request.get((await href('JSON')) ?? '')).json()
  expect(json.rows).toHaveLength(4)
  expect(json.rows[0].method).toBe('mate')
  expect(await (await request.get((await href('LaTeX')) ?? '')).text()).toContain('tiny-mate')
  expect(await (await request.get((await href('BibTeX')) ?? '')).text()).toContain('@misc{entry_')
})

test('chosen entries are compared, exit by exit', async ({ page }) => {
  const complaints = listen(page)
  await page.goto('/')
  await page.getByLabel('Compare tiny-mate').check()
  await page.getByLabel('Compare tiny-joint').check()
  await page.getByRole('button', { name: 'Compare selected' }).click()
  await expect(page).toHaveURL(/\/compare\?entries=entry_\w+&entries=entry_\w+/)
  const differences = page.getByRole('group', { name: 'Paired differences' })
  // Two rows of heads, three exits, the ensemble.
  await expect(differences.getByRole('row')).toHaveCount(6)
  await expect(differences).toContainText(/[+−]?\d+\.\d\d\s*\[/)
  await expect(page.getByText('Intervals and p cover seeds and test images together')).toBeVisible()
  const same = page.getByRole('group', { name: 'The same class predicted' })
  await expect(same.getByRole('row').nth(1).getByRole('cell').first()).toHaveText('100.0')
  await page.getByText('Figures of Top-1 accuracy against MACs').click()
  const figures = page.getByRole('table', { name: 'Top-1 accuracy against MACs' })
  await expect(figures.getByRole('row')).toHaveCount(7)
  await expect(figures).toContainText(/\[\d+\.\d\d, \d+\.\d\d\]/)
  await expect(page.getByRole('group', { name: 'Differences: Spec' })).toContainText('method.name')
  await expect(page.getByRole('group', { name: 'Differences: Data' })).toContainText('no difference')
  expect(complaints).toEqual([])
})

test('what is selected for a comparison stands in the address, and outlives sorting and filters', async ({
  page,
}) => {
  const complaints = listen(page)
  await page.goto('/')
  const mate = page.getByLabel('Compare tiny-mate')
  await mate.check()
  await expect(page).toHaveURL(/[?&]compare=entry_\w+$/)
  await expect(page.getByText('Selected: tiny-mate')).toBeVisible()
  await page.getByRole('link', { name: /^Entry/ }).click()
  await expect(page).toHaveURL(/sort=name/)
  await expect(mate).toBeChecked()
  await page.getByLabel('Compare wide-joint').check()
  await expect(page.getByText('Selected: tiny-mate, wide-joint')).toBeVisible()
  await page.getByRole('combobox', { name: 'Method' }).selectOption('joint')
  await expect(entryNames(page)).toHaveCount(2)
  await expect(
    page.getByRole('group', { name: 'Not shown above' }).getByLabel('Compare tiny-mate'),
  ).toBeChecked()
  await page.getByRole('button', { name: 'Compare selected' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('wide-joint against tiny-mate')
  await page.goBack()
  await mate.uncheck()
  await expect(page.getByText('Selected: wide-joint')).toBeVisible()
  await page.getByRole('link', { name: 'Clear selection' }).click()
  await expect(page.getByLabel('Compare wide-joint')).not.toBeChecked()
  await expect(page).not.toHaveURL(/compare/)
  // Nothing of a view that entered it without being an entry of its track.
  await page.goto('/?compare=entry_00000000000000000000,<b>')
  await expect(page.getByText('Selected:')).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('one entry alone, or entries that do not exist, are no comparison', async ({ page }) => {
  await page.goto('/compare?entries=entry_00000000000000000000')
  await expect(page.getByText('Choose two to six entries')).toBeVisible()
  await page.goto('/compare?entries=entry_00000000000000000000,entry_00000000000000000001')
  await expect(page.getByText('There is no entry entry_00000000000000000000.')).toBeVisible()
})

test('an entry leads to its runs, files and explorer; what it says of itself is text', async ({
  page,
  request,
}) => {
  const complaints = listen(page)
  let dialogs = 0
  page.on('dialog', (dialog) => {
    dialogs++
    return dialog.dismiss()
  })
  await page.goto('/')
  await entryNames(page).filter({ hasText: 'tiny-mate' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('tiny-mate')
  await expect(page.getByText('<script>alert(1)</script> & "quotes"').first()).toBeVisible()
  await expect(page.getByRole('img', { name: 'Learning curves of tiny-mate' })).toBeVisible()
  await expect(page.getByRole('img', { name: 'Reliability of tiny-mate' })).toBeVisible()
  const history = page.getByRole('region', { name: 'History' })
  await expect(history.getByRole('listitem').last()).toContainText('published tier reported')
  const run = page.getByRole('group', { name: 'Runs' }).getByRole('link').first()
  await expect(page.getByRole('group', { name: 'Command that reproduces seed 1' })).toHaveText(
    new RegExp(`^npx mate-bench reproduce http://localhost:\\d+${await run.getAttribute('href')}$`),
  )
  await run.click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('tiny-mate, seed 1')
  await expect(page.getByText('Attention: how much each teacher draws')).toBeVisible()
  const file = page.getByRole('link', { name: 'predictions.parquet', exact: true })
  const answer = await request.get((await file.getAttribute('href')) ?? '')
  expect((await answer.body()).subarray(0, 4).toString()).toBe('PAR1')
  expect(answer.headers()['content-disposition']).toBe('attachment; filename="predictions.parquet"')
  const again = await request.get((await file.getAttribute('href')) ?? '', {
    headers: { 'if-none-match': answer.headers().etag ?? '' },
  })
  expect(again.status()).toBe(304)
  expect(dialogs).toBe(0)
  expect(complaints).toEqual([])
})

test('a dataset that nobody trained on has its splits, and each has every number that was printed on it', async ({
  page,
}) => {
  await page.goto('/datasets/cifar10')
  await expect(page.getByRole('group', { name: 'Splits by default' })).toContainText('45,000')
  await page.goto('/datasets/cifar100')
  const paper = page.getByText(/Deep Feature Surgery: .* \(\d+ numbers\)/)
  await paper.click()
  await expect(page.getByRole('table', { name: 'Numbers of Gong et al. 2024' })).toContainText('resnet18')
  await expect(page.getByText("Read from the authors' repository").first()).toBeVisible()
})

test('the theme is remembered, and the first paint has it', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('/methods')
  await page.getByRole('button', { name: 'dark' }).click()
  await expect(page).toHaveURL(/\/methods$/)
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.goto('/specs')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: 'system' }).click()
  await expect(page.locator('html')).not.toHaveAttribute('data-theme')
})

test('a page that does not exist says so', async ({ page }) => {
  for (const path of [
    '/nothing',
    '/entries/entry_x',
    '/runs/run_x',
    '/methods/x',
    '/specs/x',
    '/submissions/sub_x',
    '/?track=00000000',
    '/specs?cursor=nothing',
    '/queue?cursor=nothing',
  ]) {
    const response = await page.goto(path)
    expect(response?.status(), path).toBe(404)
  }
})

test('a keyboard alone reaches the content, the controls and an unfolded row', async ({ page }) => {
  await page.goto('/')
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to content' })
  await expect(skip).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('#main')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Browse the board' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/#board$/)
  const fold = page.locator('tr.unfold summary').first()
  await fold.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('table', { name: /^Exits of/ }).first()).toBeVisible()
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('board, filter, comparison and explorer work', async ({ page }) => {
    await page.goto('/')
    const fold = page.locator('tr.unfold details').filter({ hasText: 'tiny-mate' })
    await fold.locator('summary').click()
    await expect(fold.getByRole('link', { name: 'Every exit' })).toHaveAttribute(
      'href',
      /^\/entries\/.+#exits$/,
    )
    await page.getByRole('combobox', { name: 'Method' }).selectOption('mate')
    await page.getByRole('button', { name: 'Apply' }).first().click()
    await expect(entryNames(page)).toHaveCount(1)
    await entryNames(page).first().click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('tiny-mate')
    await page.getByRole('link', { name: 'budget explorer' }).first().click()
    await expect(page.getByRole('group', { name: 'Where images leave' }).locator('tbody tr')).toHaveCount(3)
    const whereNeeded = page.locator('noscript p')
    await expect(whereNeeded).toBeVisible()
    await expect(whereNeeded).toHaveText('Settings by hand need JavaScript.')
    await expect(page.getByText('Loading predictions')).toHaveCount(0)
    const firstRow = page.getByRole('group', { name: 'Where images leave' }).locator('tbody tr').first()
    const shareOf = async (budget: 'min' | 'max') => {
      const slider = page.getByRole('slider', { name: 'Budget' })
      await slider.fill((await slider.getAttribute(budget)) ?? '')
      const asked = await slider.inputValue()
      await page.getByRole('button', { name: 'Compute' }).click()
      await expect(page).toHaveURL((url) => url.searchParams.get('budget') === asked)
      return Number(await firstRow.locator('td').nth(1).textContent())
    }
    const cheapest = await shareOf('min')
    expect(await shareOf('max')).toBeLessThan(cheapest)
    await page.goto('/queue')
    await expect(whereNeeded).toBeVisible()
    await expect(whereNeeded).toContainText('Without JavaScript this page does not update itself.')

    // What is ticked is kept by a button, and then by every link and form.
    await page.goto('/?unit=flops')
    await page.getByLabel('Compare tiny-mate').check()
    await page.getByRole('button', { name: 'Keep selection' }).click()
    await expect(page).toHaveURL(/\/\?.*unit=flops/)
    await page.getByRole('combobox', { name: 'Method' }).selectOption('joint')
    await page.getByRole('button', { name: 'Apply' }).first().click()
    await expect(page.getByRole('group', { name: 'Not shown above' })).toHaveText(/tiny-mate/)
    await page.getByLabel('Compare tiny-joint').check()
    await page.getByRole('button', { name: 'Compare selected' }).click()
    await expect(page).toHaveURL(/\/compare\?entries=entry_\w+&entries=entry_\w+/)
    const differences = page.getByRole('group', { name: 'Paired differences' })
    await expect(differences.getByRole('row')).toHaveCount(6)
    await expect(differences).toContainText(/[+−]?\d+\.\d\d\s*\[/)
  })
})
