/** `npm run screenshots`: the pictures of the README, from a running site. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BenchError } from '@mate-bench/schema'
import { listenForStop } from '@mate-bench/worker'
import { type Browser, chromium, type Page } from '@playwright/test'
import { runTool } from '../support/run-tool.ts'
import { withSite } from '../support/with-site.ts'

const help = `Writes docs/images/board.png and docs/images/entry.png (the first entry of the board), 1280 pixels wide, light.

Usage: npm run screenshots -- [options]

  --url URL       a site that is running (default: one is served over the current database, and stopped again)
  --out FOLDER    another folder (default docs/images)
  --help          this text

The current database is that of DATABASE_URL or POSTGRES_URL, else the embedded one in MATE_BENCH_DB. The browser
is /usr/bin/chromium, or that of MATE_BENCH_CHROMIUM.

Examples:
  npm run screenshots
  npm run screenshots -- --url http://localhost:3000 --out /tmp/images`

const width = 1280
const entryHeight = 800
/** Chart and the first rows of the table. */
const mostBoardHeight = 1100
const readableBytes = 250_000
const imagesFolder = fileURLToPath(new URL('../../docs/images', import.meta.url))
/** Away from the port of `npm start`, which may be running. */
const firstPort = 4750

await runTool(async () => {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      out: { type: 'string', default: imagesFolder },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(help)
  const { url, out } = values
  if (url !== undefined) {
    if (!URL.canParse(url))
      throw new BenchError({ code: 'bad-input', message: `${url} is no URL.`, path: '--url' })
    return await takePictures(new URL(url), out)
  }
  const signals = listenForStop(() => process.stderr.write('Stopping.\n'))
  try {
    await withSite({ port: firstPort, stop: signals.stop, say: console.error }, (site) =>
      takePictures(site, out),
    )
  } finally {
    signals.close()
  }
})

async function takePictures(site: URL, folder: string): Promise<void> {
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({
      viewport: { width, height: entryHeight },
      deviceScaleFactor: 1,
      colorScheme: 'light',
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
    })
    await page.goto(site.href, { waitUntil: 'networkidle' })
    const entry = page.locator('main a[href^="/entries/"]').first()
    if ((await entry.count()) === 0) {
      throw new BenchError({
        code: 'not-found',
        message: 'The board has no entries.',
        path: site.href,
        hint: 'Publish runs first: `npm run quickstart`, or `mate-bench publish RUN`.',
      })
    }
    const path = (await entry.getAttribute('href')) ?? '/'
    const whole = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width, height: Math.min(whole, mostBoardHeight) })
    await picture(page, join(folder, 'board.png'))
    await page.setViewportSize({ width, height: entryHeight })
    await page.goto(new URL(path, site).href, { waitUntil: 'networkidle' })
    await picture(page, join(folder, 'entry.png'))
  } finally {
    await browser.close()
  }
}

async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.MATE_BENCH_CHROMIUM ?? '/usr/bin/chromium'
  try {
    return await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  } catch (thrown) {
    throw new BenchError({
      code: 'not-found',
      message: `The browser did not start: ${thrown instanceof Error ? thrown.message.split('\n', 1).join('') : String(thrown)}`,
      path: executablePath,
      hint: 'Install Chromium, or name one with MATE_BENCH_CHROMIUM.',
      cause: thrown,
    })
  }
}

async function picture(page: Page, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
  const { size } = statSync(file)
  const note = size > readableBytes ? ', more than a README should carry' : ''
  console.log(`${file}  ${Math.round(size / 1000)} kB${note}`)
}
