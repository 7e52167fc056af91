import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'

/** Charts under a reader's hand: pointer, finger, keyboard; what is chosen stands in the address. */

const points = (page: Page) => page.locator('[data-chart="board"] .chart-touch circle')
const tip = (page: Page) => page.locator('[data-chart="board"] .chart-tip')
const tool = (page: Page, name: string) =>
  page.getByRole('group', { name: /: view$/ }).getByRole('button', { name, exact: true })

/** Opens the board with its chart on the screen, as soon as it can be touched. */
async function open(page: Page): Promise<void> {
  await page.goto('/')
  await expect(points(page).first()).toBeAttached()
  await page.locator('[data-chart="board"] .chart-plot').scrollIntoViewIfNeeded()
}

/** Where a point is, in pixels of the page. */
async function centre(page: Page, index: number): Promise<{ x: number; y: number }> {
  const box = await points(page).nth(index).boundingBox()
  return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 }
}

/** The entry of the first row whose line has colours. */
async function firstEntry(page: Page): Promise<string> {
  const legend = page.locator('[data-chart="board"] [data-legend]')
  const keys = await legend.evaluateAll((items) => items.map((item) => item.getAttribute('data-legend')))
  const rows = await page
    .locator('[data-entry]')
    .evaluateAll((all) => all.map((row) => row.getAttribute('data-entry')))
  return rows.find((row) => keys.includes(row)) ?? ''
}

test('says under the pointer what a point is, and lights up its row', async ({ page }) => {
  await open(page)
  const key = await firstEntry(page)
  const name = (await page.locator(`[data-legend="${key}"]`).textContent()) ?? ''
  const labels = await points(page).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')))
  const { x, y } = await centre(
    page,
    labels.findIndex((label) => label?.startsWith(`${name}, `)),
  )
  await page.mouse.move(x, y)
  await expect(tip(page)).toContainText(name)
  await expect(tip(page)).toContainText(/, exit \d/)
  await expect(tip(page)).toContainText(/\d+\.\d\s% \[\d+\.\d, \d+\.\d\]/)
  await expect(tip(page)).toContainText(/[\d.]+\s[kMG] MACs/)
  await expect(tip(page)).toContainText(/\d seeds?/)
  await expect(page.locator(`[data-entry="${key}"].lit`).first()).toBeAttached()
  await page.mouse.move(5, 5)
  await expect(tip(page)).toBeHidden()
  await expect(page.locator('[data-entry].lit')).toHaveCount(0)
})

test('a row of the table lights up its line in the chart', async ({ page }) => {
  await open(page)
  const key = await firstEntry(page)
  await page.locator(`[data-entry="${key}"] a`).first().hover()
  await expect(page.locator(`.chart [data-key="${key}"]`)).toHaveClass('lit')
  await expect(page.locator('.chart [data-key].lit')).toHaveCount(1)
})

test('can be walked by keyboard, each point by its name', async ({ page }) => {
  await open(page)
  await page.locator('.chart-touch circle[tabindex="0"]').first().focus()
  const name = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')
  expect(await name()).toMatch(/, exit 1, [\d.]+\s%.* MACs, \d seeds?$/)
  const first = await name()
  await expect(tip(page)).toBeVisible()
  await page.keyboard.press('ArrowRight')
  expect(await name()).toMatch(/, exit 2, /)
  await page.keyboard.press('Home')
  expect(await name()).toBe(first)
  await page.keyboard.press('ArrowDown')
  expect((await name()).split(', exit')[0]).not.toBe(first.split(', exit')[0])
  await page.keyboard.press('End')
  await page.keyboard.press('+')
  await expect(page).toHaveURL(/#board\.x=/)
  expect(await name()).not.toBe('')
  await page.keyboard.press('Escape')
  await expect(tip(page)).toBeHidden()
})

test('zooms into what is brushed, keeps it in the address, and comes back', async ({ page }) => {
  await open(page)
  const all = await points(page).count()
  const box = await page.locator('[data-chart="board"] .chart-touch').boundingBox()
  if (!box) throw new Error('The chart is not on the screen.')
  const middle = box.y + box.height / 2
  await page.mouse.move(box.x + 2, middle)
  await page.mouse.down()
  await page.mouse.move(box.x + 0.4 * box.width, middle, { steps: 4 })
  await page.mouse.up()
  await expect(page.locator('.chart-touch')).not.toBeFocused()
  await expect(page).toHaveURL(/#board\.x=\d+\.\.\d+$/)
  await expect.poll(() => points(page).count()).toBeLessThan(all)
  const some = await points(page).count()
  await page.reload()
  await expect(points(page)).toHaveCount(some)
  await tool(page, 'Reset zoom').click()
  await expect(points(page)).toHaveCount(all)
  await expect(page).not.toHaveURL(/#/)
  await tool(page, 'Zoom in').click()
  await expect(page).toHaveURL(/#board\.x=/)
  await tool(page, 'Zoom out').click()
  await expect(page).not.toHaveURL(/#/)
})

test('shows errors, a linear axis and no intervals when asked to, and a link keeps it', async ({ page }) => {
  await open(page)
  const label = page.locator('[data-chart="board"] .chart-y')
  const first = () => centre(page, 0)
  const before = await first()
  await tool(page, 'Error').click()
  await expect(label).toHaveText('↑ top-1 error (%)')
  expect((await first()).y).not.toBeCloseTo(before.y, 0)
  await tool(page, 'Linear axis').click()
  await tool(page, 'Intervals').click()
  await expect(tool(page, 'Intervals')).toHaveAttribute('aria-pressed', 'false')
  await page.reload()
  await expect(label).toHaveText('↑ top-1 error (%)')
  await expect(tool(page, 'Linear axis')).toHaveAttribute('aria-pressed', 'true')
  await page.locator('[data-chart="board"] .chart-plot').scrollIntoViewIfNeeded()
  const { x, y } = await centre(page, 0)
  await page.mouse.move(x, y)
  await expect(tip(page)).toContainText('error')
})

test('hides an entry by the legend, without moving the others', async ({ page }) => {
  await open(page)
  const key = await firstEntry(page)
  const button = page.locator(`[data-legend="${key}"] button`)
  const last = () => points(page).last().boundingBox()
  const before = await last()
  await button.click()
  await expect(button).toHaveAttribute('aria-pressed', 'false')
  await expect(page.locator(`.chart [data-key="${key}"]`)).toHaveCount(0)
  expect(await last()).toEqual(before)
  await button.click()
  await expect(page.locator(`.chart [data-key="${key}"]`)).toHaveCount(1)
})

test('is saved as SVG and as PNG', async ({ page }) => {
  await open(page)
  const bytesOf = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), tool(page, name).click()])
    return { file: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
  }
  const svg = await bytesOf('Download as SVG')
  expect(svg.file).toBe('board.svg')
  expect(svg.bytes.toString()).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="880"/)
  expect(svg.bytes.toString()).not.toMatch(/var\(|%"/)
  const png = await bytesOf('Download as PNG')
  expect(png.file).toBe('board.png')
  expect([...png.bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
  expect(png.bytes.readUInt32BE(16)).toBe(1760)
})

test.describe('by touch, on a phone', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } })

  test('a tap says what a point is', async ({ page }) => {
    await open(page)
    const { x, y } = await centre(page, 0)
    await page.touchscreen.tap(x, y)
    await expect(tip(page)).toBeVisible()
    const box = await tip(page).boundingBox()
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 390).toBe(true)
  })
})

for (const width of [320, 640, 1440]) {
  test(`has texts as large as the page’s, ${width} pixels wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 })
    await open(page)
    const sizes = await page
      .locator('[data-chart="board"] .ticks text')
      .evaluateAll((texts) => texts.map((text) => Number.parseFloat(getComputedStyle(text).fontSize)))
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12)
    // Neighbours on the horizontal axis do not run into each other.
    const boxes = await page
      .locator('[data-chart="board"] .ticks text[text-anchor="middle"]')
      .evaluateAll((texts) =>
        texts
          .map((text) => text.getBoundingClientRect())
          .filter((box) => box.width > 0)
          .map(({ left, right }) => [left, right]),
      )
    for (const [i, [left = 0]] of boxes.slice(1).entries()) expect(left).toBeGreaterThan(boxes[i]?.[1] ?? 0)
  })
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('is one image with a name, its legend and its figures beside it', async ({ page }) => {
    await page.goto('/')
    const chart = page.getByRole('img', { name: /^Top-1 accuracy against MACs/ })
    await expect(chart).toHaveCount(1)
    await expect(chart).toBeVisible()
    await expect(page.locator('[data-chart="board"] [data-legend]').first()).toBeVisible()
    await expect(page.locator('.chart-tools')).toHaveCount(0)
  })
})
