import { expect, type Page, test } from '@playwright/test'
import { z } from 'zod'

/** What programs read of the site: crawlers, feed readers, those who draw previews of links. */

const boardRows = z.object({ rows: z.array(z.object({ entry: z.string() })) })

/** Texts of an XML document's elements, as a strict parser reads it. */
async function textsIn(page: Page, xml: string, selectors: readonly string[]): Promise<string[][]> {
  return await page.evaluate(
    ({ xml, selectors }) => {
      const document = new DOMParser().parseFromString(xml, 'application/xml')
      const broken = document.querySelector('parsererror')
      if (broken) throw new Error(broken.textContent ?? '')
      return selectors.map((selector) =>
        [...document.querySelectorAll(selector)].map((element) => element.textContent ?? ''),
      )
    },
    { xml, selectors },
  )
}

/** Width and height in a PNG's header chunk, which follows the signature. */
function pngSize(bytes: Buffer): { width: number; height: number } {
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a')
  expect(bytes.toString('latin1', 12, 16)).toBe('IHDR')
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

test('robots are led to the sitemap, and every address in it is there', async ({
  page,
  request,
  baseURL,
}) => {
  test.setTimeout(90_000)
  const robots = await (await request.get('/robots.txt')).text()
  expect(robots).toMatch(/^User-Agent: \*$/m)
  expect(robots).toMatch(/^Disallow: \/api\/$/m)
  const sitemap = /^Sitemap: (.+)$/m.exec(robots)?.[1] ?? ''
  expect(sitemap).toBe(`${baseURL}/sitemap.xml`)
  const answer = await request.get(sitemap)
  expect(answer.headers()['content-type']).toContain('xml')
  const [addresses = []] = await textsIn(page, await answer.text(), ['url > loc'])
  const { rows } = boardRows.parse(await (await request.get('/board.json')).json())
  expect(addresses).toEqual(
    expect.arrayContaining([
      ...rows.map(({ entry }) => `${baseURL}/entries/${entry}`),
      ...['/', '/docs', '/methods/mate', '/datasets/cifar100'].map((path) => `${baseURL}${path}`),
    ]),
  )
  expect(new Set(addresses).size).toBe(addresses.length)
  for (const address of addresses) {
    const found = await request.get(address, { maxRedirects: 0 })
    expect(found.status(), address).toBe(200)
    // What should be found must not say that it should not be.
    expect(await found.text(), address).not.toContain('name="robots" content="noindex')
  }
})

test('the feed that pages name has every entry, newest first', async ({ page, request, baseURL }) => {
  await page.goto('/methods')
  const link = page.locator('link[rel=alternate][type="application/atom+xml"]')
  const answer = await request.get((await link.getAttribute('href')) ?? '')
  expect(answer.headers()['content-type']).toBe('application/atom+xml; charset=utf-8')
  const [ids = [], titles = [], times = [], updated = []] = await textsIn(page, await answer.text(), [
    'feed > entry > id',
    'feed > entry > title',
    'feed > entry > updated',
    'feed > updated',
  ])
  const { data } = await (await request.get('/api/v1/entries?limit=100')).json()
  expect(ids.toSorted()).toEqual(data.map(({ id }: { id: string }) => `${baseURL}/entries/${id}`).toSorted())
  expect(titles).toContain('tiny-mate on fashion-mnist-mini')
  expect(times).toEqual(times.toSorted().reverse())
  expect(updated).toEqual(times.slice(0, 1))
  const again = await request.get('/feed.xml', {
    headers: { 'if-none-match': answer.headers().etag ?? '' },
  })
  expect(again.status()).toBe(304)
})

test('a link to the site or to an entry has a picture', async ({ page, request }) => {
  for (const path of ['/', await entryPath(page)]) {
    await page.goto(path)
    const meta = async (property: string) =>
      (await page.locator(`meta[property="og:image${property}"]`).getAttribute('content')) ?? ''
    const answer = await request.get(await meta(''))
    expect(answer.headers()['content-type']).toBe('image/png')
    const size = pngSize(await answer.body())
    expect(size).toEqual({ width: 1200, height: 630 })
    expect(size).toEqual({ width: Number(await meta(':width')), height: Number(await meta(':height')) })
    expect(await meta(':alt')).not.toBe('')
  }
  expect((await request.get('/entries/entry_x/opengraph-image')).status()).toBe(404)
})

test('the icon is a drawing that a browser reads', async ({ page, request }) => {
  await page.goto('/')
  const href = (await page.locator('link[rel=icon]').getAttribute('href')) ?? ''
  const answer = await request.get(href)
  expect(answer.headers()['content-type']).toContain('image/svg+xml')
  expect(await textsIn(page, await answer.text(), ['svg > title'])).toEqual([['MATE Bench']])
})

const dataset = z.object({
  '@context': z.literal('https://schema.org'),
  '@type': z.literal('Dataset'),
  '@id': z.url(),
  name: z.string().min(1),
  // Search engines take 50 to 5000 characters.
  description: z.string().min(50).max(5000),
  url: z.url(),
  identifier: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  isAccessibleForFree: z.literal(true),
  distribution: z
    .array(z.object({ '@type': z.literal('DataDownload'), encodingFormat: z.string(), contentUrl: z.url() }))
    .min(1),
})

test('board and entry describe themselves as data sets whose files are there', async ({
  page,
  request,
  baseURL,
}) => {
  const entry = await entryPath(page)
  for (const [path, name] of [
    ['/', 'MATE Bench: multi-exit image classifiers on fashion-mnist-mini'],
    [entry, 'MATE Bench: tiny-mate'],
  ] as const) {
    await page.goto(path)
    const scripts = await page.locator('script[type="application/ld+json"]').allTextContents()
    expect(scripts).toHaveLength(1)
    const document = dataset.parse(JSON.parse(scripts[0] ?? ''))
    expect(document.name).toBe(name)
    expect(document['@id']).toBe(document.url)
    if (path === entry) expect(document.url).toBe(`${baseURL}${entry}`)
    await page.goto(document.url)
    const shown = path === entry ? 'tiny-mate' : 'fashion-mnist-mini'
    await expect(page.getByRole('heading', { name: shown }).first()).toBeVisible()
    for (const { contentUrl, encodingFormat } of document.distribution) {
      const file = await request.get(contentUrl)
      expect(file.status(), contentUrl).toBe(200)
      expect(file.headers()['content-type'], contentUrl).toContain(encodingFormat)
    }
  }
})

async function entryPath(page: Page): Promise<string> {
  await page.goto('/')
  const link = page.getByRole('link', { name: 'tiny-mate', exact: true }).first()
  return (await link.getAttribute('href')) ?? ''
}
