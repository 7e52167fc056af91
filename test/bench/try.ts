/**
 * What the pages weigh that compute in a visitor's browser: every request until the network has answered, or the first step is
 * trained, as bytes that a browser gets which asks for gzip.
 *
 *   npm run bench:try -- --url http://localhost:3000 --entry ENTRY
 */
import { request } from 'node:http'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:3000' },
    entry: { type: 'string' },
  },
})
if (values.entry === undefined) throw new Error('--entry names the entry whose network is tried')

const browser = await chromium.launch({
  executablePath: process.env.MATE_BENCH_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  await weigh(`/try/${values.entry}`, async (page) => {
    await page.getByRole('button', { name: /^Test image 1,/ }).click()
    await page.locator('[data-lit=true]').first().waitFor()
  })
  await weigh('/try/train', async (page) => {
    await page.getByText(/^Valid: /).waitFor()
    await page.getByRole('button', { name: 'Train', exact: true }).click()
    await page.getByText(/^Step [1-9]/).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
  })
} finally {
  await browser.close()
}

async function weigh(path: string, use: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage()
  page.setDefaultTimeout(120_000)
  const urls = new Set<string>()
  page.on('request', (asked) => urls.add(asked.url().split('#', 1).join('')))
  await page.goto(new URL(path, values.url).href)
  await use(page)
  await page.close()
  const sums = new Map<string, { bytes: number; files: number }>()
  for (const url of urls) {
    const kind = kindOf(url)
    const { bytes, files } = sums.get(kind) ?? { bytes: 0, files: 0 }
    sums.set(kind, { bytes: bytes + (await gzippedBytes(url)), files: files + 1 })
  }
  const total = [...sums.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  console.log(`${path.replace(values.entry ?? '', 'ENTRY')}, kB gzip`)
  for (const [kind, { bytes, files }] of sums) {
    console.log(`  ${kind.padEnd(22)}${(bytes / 1000).toFixed(1).padStart(9)}  in ${files}`)
  }
  console.log(`  ${'all'.padEnd(22)}${(total / 1000).toFixed(1).padStart(9)}  in ${urls.size}`)
}

function kindOf(url: string): string {
  if (url.endsWith('.css')) return 'styles'
  if (url.endsWith('.js')) return 'scripts and workers'
  if (url.endsWith('.wasm')) return 'WebAssembly'
  if (/ubyte|positions/.test(url)) return 'images of the dataset'
  return /\/files\//.test(url) ? 'files of the run' : 'page and icon'
}

/** Bytes of the body as they travel. */
function gzippedBytes(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('end', () => resolve(bytes))
    })
      .on('error', reject)
      .end()
  })
}
