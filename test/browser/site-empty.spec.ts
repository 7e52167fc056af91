import { fileURLToPath } from 'node:url'
import { openTestStore, startDatabaseProxy } from '@mate-bench/store/testing'
import { expect, type Page, test } from '@playwright/test'
import { build } from 'esbuild'
import { withSite } from '../support/with-site.ts'
import { faultsOf, schemes } from './faults.ts'
import { listen } from './listen.ts'

/** A site on its first day, and on its worst. */

/** Away from the ports of the sites that stand while tests run. */
const firstPort = 4350

async function faultsInAllVariants(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    faults.push(...(await faultsOf(page)).map((fault) => `${colorScheme} ${fault}`))
  }
  return faults
}

test('a site without entries says what to do, and one whose database is gone says so and comes back', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const store = await openTestStore('embedded')
  const proxy = await startDatabaseProxy(store.url)
  const before = process.env.DATABASE_URL
  process.env.DATABASE_URL = proxy.url
  const stop = new AbortController()
  try {
    await withSite({ port: firstPort, stop: stop.signal, say: () => {} }, async (site) => {
      const complaints = listen(page)
      for (const [path, text] of [
        ['/', 'No runs yet'],
        ['/queue', 'Nothing has been submitted yet'],
        ['/specs', 'No run has been published yet.'],
        ['/methods/mate', 'No entry yet.'],
        ['/methods', 'No entry yet: start a spec'],
        ['/backbones/vgg', 'how to get a method on the board'],
        ['/try', 'No published network can run in the browser yet'],
        ['/datasets/fashion-mnist-mini', 'The digests appear here once a run is published.'],
        ['/compare', 'Choose two to six entries'],
        ['/submit', 'unknown until a run has been published'],
      ] as const) {
        expect((await page.goto(new URL(path, site).href))?.status(), path).toBe(200)
        await expect(page.getByText(text).first()).toBeVisible({ timeout: 15_000 })
        expect(await faultsInAllVariants(page), path).toEqual([])
      }
      for (const path of ['/feed.xml', '/sitemap.xml', '/robots.txt', '/api/v1/entries']) {
        expect((await page.request.get(new URL(path, site).href)).status(), path).toBe(200)
      }
      expect(complaints).toEqual([])

      proxy.become('gone')
      // What was read a moment ago is shown a moment longer.
      await expect.poll(async () => (await page.goto(site.href))?.status()).toBe(500)
      await expect(page.getByRole('heading', { name: 'This page could not be loaded' })).toBeVisible()
      await expect(page.getByText(/^The server's log has the cause under /)).toBeVisible()
      await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible()
      expect(await faultsInAllVariants(page)).toEqual([])
      proxy.become('open')
      await page.getByRole('button', { name: 'Try again' }).click()
      await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible()
    })
  } finally {
    if (before === undefined) delete process.env.DATABASE_URL
    else process.env.DATABASE_URL = before
    await proxy.close()
    await store.close()
  }
})

test('the page for a failure of the frame itself stands alone', async ({ page }) => {
  const file = fileURLToPath(new URL('../../apps/web/src/app/global-error.tsx', import.meta.url))
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { createRoot } from 'react-dom/client'
        import { createElement } from 'react'
        import GlobalError from ${JSON.stringify(file)}
        const error = Object.assign(new Error('secret'), { digest: '1234567' })
        createRoot(document).render(createElement(GlobalError, { error, retry() { document.title = 'tried again' } }))`,
      resolveDir: fileURLToPath(new URL('../../apps/web', import.meta.url)),
    },
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    tsconfigRaw: {},
  })
  const complaints = listen(page)
  await page.goto('about:blank')
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' })
  await expect(page).toHaveTitle('Something failed | MATE Bench')
  await expect(page.getByText("The server's log has the cause under 1234567.")).toBeVisible()
  await expect(page.getByText('secret')).toHaveCount(0)
  expect(await faultsInAllVariants(page)).toEqual([])
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page).toHaveTitle('tried again')
  expect(complaints).toEqual([])
})
