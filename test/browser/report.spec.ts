import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'

/** The report as a reader sees it: light and dark, phone and desk. */

let folder = ''
let address = ''

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mate-bench-report-'))
  const file = join(folder, 'report.html')
  const script = fileURLToPath(new URL('./write-report.ts', import.meta.url))
  execFileSync(process.execPath, ['--import', 'tsx', script, file], { stdio: 'inherit' })
  address = pathToFileURL(file).href
})

test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Opens the page and collects what it should never do. */
async function open(page: Page): Promise<{ complaints: string[] }> {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const url = request.url()
    if (url !== address && !url.startsWith('data:')) complaints.push(`requested ${url}`)
  })
  await page.goto(address)
  return { complaints }
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1440]) {
    test.describe(`${colorScheme}, ${width} pixels wide`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 } })

      test('shows the chart and its table twin, asks for nothing, fits the screen', async ({ page }) => {
        const { complaints } = await open(page)
        const chart = page.getByRole('img', { name: 'Accuracy against FLOPs on fashion-mnist-mini' })
        await expect(chart).toHaveCount(1)
        await expect(chart).toBeVisible()
        const box = await chart.boundingBox()
        expect(box?.width).toBeGreaterThan(0.7 * Math.min(width, 1120))
        expect(box?.height).toBeGreaterThan(250)
        const table = page.getByRole('region', { name: 'Table of fashion-mnist-mini' })
        await expect(table).toBeVisible()
        // Three entries, three exits and the ensemble each.
        await expect(table.locator('tbody tr')).toHaveCount(12)
        await expect(table).toContainText('(one seed)')
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(overflow).toBeLessThanOrEqual(0)
        expect(complaints).toEqual([])
      })

      test('has no accessibility violation, with everything unfolded', async ({ page }) => {
        await open(page)
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true
        })
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
      })
    })
  }
}

test('follows the reader’s colour scheme', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await open(page)
  const brightness = () =>
    page.evaluate(() => {
      const [red = 0, green = 0, blue = 0] =
        getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? []
      return (red + green + blue) / 3
    })
  expect(await brightness()).toBeGreaterThan(200)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await brightness()).toBeLessThan(60)
})

test('can be read by keyboard: folds open, wide tables scroll', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page)
  const fold = page.getByText('The spec').first()
  await fold.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('"schemaVersion": 1').first()).toBeVisible()
  const table = page.getByRole('region', { name: 'Table of fashion-mnist-mini' })
  await table.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => table.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0)
})
