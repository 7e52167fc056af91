import { expect, type Route, test } from '@playwright/test'
import { listen } from './listen.ts'
import { expectPublishedAnswers, openTry } from './try-page.ts'

/** The worker of `/try/ENTRY`: one that is replaced while it loads, and one that fails. */

test('a backend chosen while the program still loads replaces it without an error', async ({ page }) => {
  test.setTimeout(120_000)
  const complaints = listen(page)
  const held: Route[] = []
  let [isStarted, isChosen] = [false, false]
  await page.route('**/_next/static/chunks/**', async (route) => {
    const isLoader = /\/turbopack-worker-/.test(route.request().url())
    if (isStarted && !isLoader && !isChosen) held.push(route)
    else await route.continue()
    isStarted ||= isLoader
  })
  await openTry(page)
  await expect.poll(() => held.length).toBeGreaterThan(0)
  await page.getByLabel('Compute with').selectOption('wasm')
  isChosen = true
  await Promise.all(held.map((route) => route.continue()))
  await expect(page.getByText(/checked against their digest\. WebAssembly, one thread\./)).toBeVisible({
    timeout: 60_000,
  })
  await expectPublishedAnswers(page)
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('a program that does not load, or breaks off, says with what', async ({ page }) => {
  await page.route('**/chunks/turbopack-worker-*.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: `addEventListener('message', () => { throw new Error('no such luck') }); postMessage('ready')`,
    }),
  )
  await openTry(page)
  await expect(
    page.getByText('The program that runs the network broke off: Error: no such luck.'),
  ).toBeVisible()
  await page.unrouteAll()
  await page.route('**/chunks/turbopack-worker-*.js', (route) => route.abort())
  await page.reload()
  await expect(page.getByText('The program that runs the network could not be loaded.')).toBeVisible()
})
