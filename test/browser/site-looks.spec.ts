import { expect, test } from '@playwright/test'
import { faultsOf, schemes } from './faults.ts'
import { keyboardFaultsOf } from './keyboard.ts'
import { listen } from './listen.ts'
import { missing, pagePatterns, sitePages } from './site-pages.ts'

/** Every page, light and dark, from a small phone to a desk: nobody is kept out, nothing sticks out, nothing is complained of. */

const minutes = 60_000

test('every page of the sources is among those that are looked at', async ({ request }) => {
  const paths = (await sitePages(request)).map((path) => path.split('?', 1).join(''))
  const unseen = pagePatterns().filter(({ pattern }) => !paths.some((path) => pattern.test(path)))
  expect(unseen.map(({ page }) => page)).toEqual([])
})

for (const colorScheme of schemes) {
  test.describe(() => {
    test.use({ colorScheme, viewport: { width: 1440, height: 900 } })

    test(`pages at every width, ${colorScheme}`, async ({ page, request }) => {
      test.setTimeout(6 * minutes)
      const complaints = listen(page)
      const faults: string[] = []
      for (const path of await sitePages(request)) {
        await page.setViewportSize({ width: 1440, height: 900 })
        const answer = await page.goto(path)
        expect(answer?.status(), path).toBe(path === missing ? 404 : 200)
        faults.push(...(await faultsOf(page)).map((fault) => `${path} ${fault}`))
        const said = complaints.splice(0).filter((text) => path !== missing || !text.includes('404'))
        faults.push(...said.map((text) => `${path} says ${text}`))
      }
      expect(faults).toEqual([])
    })
  })
}

test('a keyboard reaches every control of every page, shows where it is, and leaves again', async ({
  page,
  request,
}) => {
  test.setTimeout(4 * minutes)
  const faults: string[] = []
  for (const path of await sitePages(request)) {
    await page.goto(path)
    faults.push(...(await keyboardFaultsOf(page)).map((fault) => `${path}: ${fault}`))
  }
  expect(faults).toEqual([])
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 320, height: 900 } })

  test('every page is there, waits for nothing, and shows no button that does nothing', async ({
    page,
    request,
  }) => {
    test.setTimeout(4 * minutes)
    const faults: string[] = []
    for (const path of await sitePages(request)) {
      const answer = await page.goto(path)
      expect(answer?.status(), path).toBe(path === missing ? 404 : 200)
      if (!(await page.locator('h1').first().isVisible())) faults.push(`${path} has no heading`)
      const text = await page.locator('main').innerText()
      const waits = /(Loading|Checking|Submitting)[^.]* …/.exec(text)?.[0]
      if (waits !== undefined) faults.push(`${path} waits: ${waits}`)
      const raw = /&#\d+;|\[object Object\]/.exec(text)?.[0]
      if (raw !== undefined) faults.push(`${path} shows ${raw}`)
      if (text.length < 60) faults.push(`${path} is empty: ${text}`)
      // A page that needs scripts says so, and what there is without.
      const saysSo = (await page.locator('main noscript > *').count()) > 0
      const idle = await page
        .locator('button[type=button]:visible:enabled')
        .evaluateAll((buttons) => buttons.map((button) => button.outerHTML.slice(0, 120)))
      if (!saysSo) faults.push(...idle.map((button) => `${path} has a button without use: ${button}`))
    }
    expect(faults).toEqual([])
  })
})
