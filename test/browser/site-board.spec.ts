import { expect, type Request, test } from '@playwright/test'
import { count, entryNames } from './board-page.ts'
import { listen } from './listen.ts'

/** The board as a reader uses it: rows, filters, search, columns. */

test('the board shows every entry with its figures, and unfolds to exits', async ({ page }) => {
  const complaints = listen(page)
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Which training method/)
  await expect(page.getByRole('heading', { name: 'fashion-mnist-mini leaderboard' })).toBeVisible()
  await expect(entryNames(page)).toHaveCount(3)
  const chart = page.getByRole('img', { name: 'Top-1 accuracy against MACs on fashion-mnist-mini' })
  await expect(chart).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: 'wide-joint' }).first()
  await expect(row).toContainText('1 seed')
  const fold = page.getByText('3 exits of tiny-mate')
  await fold.click()
  const exits = page.getByRole('table', { name: 'Exits of tiny-mate' })
  // Three exits, the ensemble, and the head.
  await expect(exits.getByRole('row')).toHaveCount(5)
  await expect(exits).toContainText('stage3')
  expect(complaints).toEqual([])
})

test('a row unfolds to its exits in the unit of the board; while they cannot be had their link stays', async ({
  page,
}) => {
  await page.goto('/?unit=flops')
  const fold = page.locator('tr.unfold details').filter({ hasText: 'tiny-mate' })
  const link = fold.getByRole('link', { name: 'Every exit' })
  const boardWidth = () => page.locator('table.cards').evaluate((table) => table.clientWidth)
  const width = await boardWidth()
  await page.route('**/entries/**', (route) => route.abort())
  await fold.locator('summary').click()
  await expect(link).toBeVisible()
  await page.unroute('**/entries/**')
  await fold.locator('summary').click()
  await fold.locator('summary').click()
  const exits = page.getByRole('table', { name: 'Exits of tiny-mate' })
  await expect(exits.getByRole('columnheader', { name: 'Sequential FLOPs' })).toBeVisible()
  await expect(link).toHaveCount(0)
  // Its own frame scrolls: the board grows no wider.
  expect(await boardWidth()).toBe(width)
})

test('filters, sorting and the unit stand in the address', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('combobox', { name: 'Method' }).selectOption('joint')
  await expect(page).toHaveURL(/method=joint/)
  await expect(entryNames(page)).toHaveCount(2)
  expect((await entryNames(page).allTextContents()).sort()).toEqual(['tiny-joint', 'wide-joint'])
  const firstCost = () =>
    page.locator('tr.folded').first().locator('td[data-label^="Sequential"]').textContent()
  const macs = await firstCost()
  await page.getByRole('link', { name: 'FLOPs', exact: true }).click()
  await expect(page).toHaveURL(/unit=flops/)
  await expect(page).toHaveURL(/method=joint/)
  expect(count(await firstCost()) / count(macs)).toBeCloseTo(2, 1)
  await page.getByRole('link', { name: /^Sequential FLOPs/ }).click()
  await expect(page.getByRole('columnheader', { name: /Sequential FLOPs/ }).first()).toHaveAttribute(
    'aria-sort',
    'ascending',
  )
  expect(await entryNames(page).allTextContents()).toEqual(['tiny-joint', 'wide-joint'])
  await page.getByRole('link', { name: 'Clear filters' }).click()
  await expect(entryNames(page)).toHaveCount(3)
})

test('what is typed while a view is on its way stays, and is searched for', async ({ page }) => {
  await page.goto('/')
  await page.route(/[?&](q|target)=/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    await route.continue()
  })
  const search = page.getByRole('searchbox', { name: 'Search' })
  await search.pressSequentially('tiny', { delay: 320 })
  await expect(page).toHaveURL(/[?&]q=tiny(&|$)/)
  await expect(search).toHaveValue('tiny')
  await expect(entryNames(page)).toHaveCount(2)
  const target = page.getByRole('spinbutton', { name: 'Target' })
  await target.fill('')
  await target.pressSequentially('75', { delay: 320 })
  await expect(target).toHaveValue('75')
  await expect(page).toHaveURL(/target=75/)
  await expect(page.locator('main noscript')).toHaveCount(0)
})

test('a search shows as it is typed, and columns are chosen in the address', async ({ page }) => {
  const complaints = listen(page)
  await page.goto('/')
  await page.getByRole('searchbox', { name: 'Search' }).fill('tiny mate')
  await expect(page).toHaveURL(/q=tiny\+mate/)
  await expect(entryNames(page)).toHaveText(['tiny-mate'])
  await expect(page.getByRole('searchbox', { name: 'Search' })).toBeFocused()
  await page.getByText('Columns', { exact: true }).click()
  await page.getByRole('checkbox', { name: 'Tier' }).uncheck()
  await expect(page).toHaveURL(/columns=top1/)
  await expect(page.getByRole('columnheader', { name: 'Tier' })).toHaveCount(0)
  await expect(page).toHaveURL(/q=tiny\+mate/)
  await page.getByRole('checkbox', { name: 'Tier' }).check()
  await expect(page).not.toHaveURL(/columns=/)
  await page.getByRole('spinbutton', { name: 'Target' }).fill('5')
  await expect(page.getByRole('columnheader', { name: 'MACs for 5 %' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('a filter keeps order and unit of the view', async ({ page }) => {
  await page.goto('/?sort=top1&order=asc&unit=flops&published=1')
  await page.getByRole('combobox', { name: 'Method' }).selectOption('joint')
  await expect(page).toHaveURL(/method=joint/)
  for (const kept of [/sort=top1/, /order=asc/, /unit=flops/, /published=1/])
    await expect(page).toHaveURL(kept)
  await expect(page.getByRole('columnheader', { name: /^Top-1/ }).first()).toHaveAttribute(
    'aria-sort',
    'ascending',
  )
})

test('a day in the address shows the frontier of that day on the board', async ({ page }) => {
  const complaints = listen(page)
  const today = new Date().toISOString().slice(0, 10)
  await page.goto('/')
  await page.getByText('The frontier on an earlier day').click()
  await page.getByLabel('Day').fill(today)
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`[?&]at=${today}`))
  const heading = { name: `fashion-mnist-mini at the end of ${today}`, exact: true }
  await expect(page.getByRole('heading', heading)).toBeVisible()
  await expect(page.getByRole('heading', { name: `Best on ${heading.name}`, exact: true })).toBeVisible()
  expect(complaints).toEqual([])
})

test('a view that cannot be had loads the page again, but not for a reader who is on the way to another', async ({
  page,
}) => {
  const isView = (request: Request) => request.resourceType() === 'fetch'
  await page.goto('/')
  const method = page.getByRole('combobox', { name: 'Method' })
  await page.route('**/?*method=joint*', async (route) => {
    await (isView(route.request()) ? route.abort() : route.continue())
  })
  const reloaded = page.waitForRequest((request) => request.isNavigationRequest())
  await method.selectOption('joint')
  expect((await reloaded).url()).toContain('method=joint')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()

  // The view fails while the glossary is on its way.
  let fail = async () => {}
  const asked = new Promise<void>((resolve) => {
    page.route('**/?*method=mate*', async (route) => {
      if (!isView(route.request())) return await route.continue()
      fail = () => route.abort()
      resolve()
    })
  })
  let navigations = 0
  page.on('request', (request) => {
    if (request.isNavigationRequest()) navigations += 1
  })
  await page.route('**/glossary', async (route) => {
    await fail()
    // Long enough for the page to begin a navigation of its own, which would take the place of the reader's.
    await new Promise((resolve) => setTimeout(resolve, 300))
    await route.continue()
  })
  await method.selectOption('mate')
  await asked
  await page.getByRole('contentinfo').getByRole('link', { name: 'Glossary' }).click()
  await expect(page).toHaveURL(/\/glossary$/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Glossary')
  expect(navigations).toBe(1)
})
