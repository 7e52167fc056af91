import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, type Page, test } from '@playwright/test'
import { z } from 'zod'
import { listen } from './listen.ts'
import { answers, expectPublishedAnswers, openEntry, openTry } from './try-page.ts'

/** A published network that runs in the page, and a training in the page. */

test('the list of networks to try leads to each', async ({ page }) => {
  const complaints = listen(page)
  await page.goto('/try')
  const networks = page.getByRole('table', { name: 'Networks to try' })
  // What was trained here; what was made up has no weights to run.
  const names = await networks.getByRole('rowheader').allTextContents()
  expect(names.sort()).toEqual(['tiny-joint', 'tiny-mate', 'wide-joint'])
  await networks.getByRole('link', { name: 'tiny-mate' }).click()
  await expect(page.getByRole('heading', { name: 'Try tiny-mate in your browser' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('a method without entries leads to a spec with it', async ({ page }) => {
  await page.goto('/methods/kd')
  const link = page.getByRole('link', { name: 'Open a spec with kd in the editor' })
  await expect(link).toHaveAttribute('href', '/submit?method=kd')
})

test('the published network answers in the browser as the run published, by keyboard', async ({ page }) => {
  test.setTimeout(120_000)
  const complaints = listen(page)
  await openTry(page)
  await expect(page.getByText('checked against their digest')).toBeVisible({ timeout: 60_000 })
  const image = page.getByRole('button', { name: /^Test image 3,/ })
  await image.focus()
  await page.keyboard.press('Enter')
  await expect(image).toHaveAttribute('aria-pressed', 'true')
  await expect(answers(page)).toHaveCount(3)
  for (const exit of [0, 1, 2]) {
    await expect(answers(page).nth(exit)).toHaveAttribute('data-lit', 'true')
    await expect(answers(page).nth(exit)).toContainText('agrees')
  }
  const threshold = page.getByRole('slider', { name: 'Threshold' })
  await threshold.focus()
  await page.keyboard.press('Home')
  await expect(page.getByText('This image leaves at exit 1:')).toBeVisible()
  await page.keyboard.press('End')
  await expect(page.getByText('This image leaves at exit 3:')).toBeVisible()
  expect(complaints).toEqual([])
})

test('on WebGPU the published network answers as the run published, and says what computes', async () => {
  test.setTimeout(120_000)
  await withBrowser(softwareGpu, async (page) => {
    const complaints = listen(page)
    await openTry(page)
    await page.getByLabel('Compute with').selectOption('webgpu')
    await expect(page.getByText(/checked against their digest\. WebGPU, .*SwiftShader/i)).toBeVisible({
      timeout: 60_000,
    })
    await expectPublishedAnswers(page)
    expect(complaints).toEqual([])
  })
})

test('without a GPU the published network answers on WebAssembly, and the page says why', async () => {
  test.setTimeout(120_000)
  await withBrowser(['--disable-gpu'], async (page) => {
    await openTry(page)
    const said = page.getByText(
      /checked against their digest\. WebAssembly, one thread \(WebGPU is not available in this browser\)/,
    )
    await expect(said).toBeVisible({ timeout: 60_000 })
    await expectPublishedAnswers(page)
    await page.getByLabel('Compute with').selectOption('webgpu')
    await expect(page.getByText("This browser can't compute with webgpu")).toBeVisible()
  })
})

test('a drawing and a picture are answered, with nothing published beside', async ({ page }) => {
  test.setTimeout(120_000)
  const complaints = listen(page)
  await openTry(page)
  await expect(page.getByText('checked against their digest')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('radio', { name: 'Draw' }).check()
  const pad = page.getByRole('application')
  await pad.focus()
  for (const key of [' ', ...new Array(8).fill('ArrowDown'), ' ']) await page.keyboard.press(key)
  await expect(answers(page).nth(2)).toHaveAttribute('data-lit', 'true')
  await expect(answers(page).first()).not.toContainText('agrees')
  const box = await pad.boundingBox()
  if (!box) throw new Error('nothing to draw in')
  await page.mouse.move(box.x + 60, box.y + 60)
  await page.mouse.down()
  await page.mouse.move(box.x + 160, box.y + 60, { steps: 5 })
  await page.mouse.up()
  await expect(answers(page).nth(2)).toHaveAttribute('data-lit', 'true')
  await page.getByRole('radio', { name: 'Upload' }).check()
  await page
    .getByLabel('Picture file')
    .setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: await whitePng(page) })
  await expect(page.getByRole('img', { name: 'What the network sees' })).toBeVisible()
  await expect(page.getByRole('checkbox', { name: /Light background/ })).toBeChecked()
  await expect(answers(page).nth(2)).toHaveAttribute('data-lit', 'true')
  expect(complaints).toEqual([])
})

/** A white picture that is no square. */
async function whitePng(page: Page): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 60, height: 40 })
    const context = canvas.getContext('2d')
    if (context) context.fillStyle = '#fff'
    context?.fillRect(0, 0, 60, 40)
    return canvas.toDataURL('image/png')
  })
  return Buffer.from(url.split(',')[1] ?? '', 'base64')
}

test('weights that were changed on the way are refused', async ({ page }) => {
  await page.route('**/files/model.safetensors', async (route) => {
    const response = await route.fetch()
    const body = await response.body()
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1
    await route.fulfill({ response, body })
  })
  await openTry(page)
  await expect(page.getByText('The weights are not those of the run')).toBeVisible({ timeout: 60_000 })
})

test('without JavaScript the pages say what they need, and what there is without', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL ? { baseURL } : {}) })
  const page = await context.newPage()
  await openTry(page)
  const whereNeeded = page.locator('main noscript p')
  await expect(whereNeeded).toBeVisible()
  await expect(whereNeeded).toContainText('Running the network needs JavaScript.')
  await expect(page.getByText('Loading the network')).toHaveCount(0)
  await page.goto('/try/train')
  await expect(whereNeeded).toContainText('Training in the page needs JavaScript.')
  await context.close()
})

/** A spec that trains in seconds: six steps. */
const tinyTraining = {
  schemaVersion: 1,
  name: 'tiny-in-page',
  dataset: {
    name: 'fashion-mnist-mini',
    subset: { perClass: 10, seed: 0 },
    validation: { size: 20, seed: 0 },
  },
  model: {
    backbone: { name: 'resnet', depth: 8, width: 4 },
    exits: [{ after: 'stage1' }, { after: 'stage2' }, { after: 'stage3' }],
    head: { name: 'eed' },
  },
  method: { name: 'mate' },
  training: {
    epochs: 2,
    batchSize: 32,
    optimizer: { name: 'sgd', learningRate: 0.05 },
    schedule: { name: 'constant' },
    augmentation: [{ name: 'horizontal-flip' }],
  },
  evaluation: { protocols: ['anytime'] },
  seeds: [1],
}

interface PageTraining {
  /** Mean loss of the epoch so far at every step, to the last digit. */
  readonly losses: readonly number[]
  readonly backend: string
}

/** Starts a training in the page, and listens to what its worker tells. */
async function startInPage(
  page: Page,
  backend: 'auto' | 'wasm' | 'webgpu',
  spec: object = tinyTraining,
): Promise<void> {
  await page.addInitScript(() => {
    const told: unknown[] = []
    const Plain = Worker
    class Heard extends Plain {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options)
        // The worker that checks specs says nothing of this kind.
        this.addEventListener('message', ({ data }) => data?.type !== undefined && told.push(data))
      }
    }
    Object.assign(globalThis, { told, Worker: Heard })
  })
  await page.goto('/try/train')
  await page.getByRole('textbox', { name: 'Spec' }).fill(JSON.stringify(spec))
  await expect(page.getByText(/^Valid: /)).toBeVisible({ timeout: 30_000 })
  await page.getByLabel('Compute with').selectOption(backend)
  await page.getByRole('button', { name: 'Train', exact: true }).click()
}

/** What the worker has told until now. */
async function toldInPage(page: Page): Promise<PageTraining> {
  const told = z.array(news).parse(await page.evaluate('told'))
  return {
    losses: told.flatMap(({ event }) => (event?.type === 'step' ? [event.loss ?? Number.NaN] : [])),
    backend: told.find(({ type }) => type === 'began')?.backend?.what ?? '',
  }
}

/** Trains in the page to the end. */
async function trainInPage(page: Page, backend: 'auto' | 'wasm'): Promise<PageTraining> {
  await startInPage(page, backend)
  await expect(page.getByText(/^(Trained\. Nothing was sent|Training failed)/)).toBeVisible({
    timeout: 240_000,
  })
  await expect(page.getByRole('alert').filter({ hasText: /./ })).toHaveCount(0)
  return await toldInPage(page)
}

const news = z.object({
  type: z.string(),
  backend: z.object({ what: z.string() }).optional(),
  event: z.object({ type: z.string(), loss: z.number().optional() }).optional(),
})

/** The same losses of the first steps of the same spec and seed in Node, on the backend `wasm`. */
function lossesInNode(spec: typeof tinyTraining, steps: number): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'mate-bench-try-'))
  try {
    const file = join(folder, 'spec.json')
    writeFileSync(file, JSON.stringify(spec))
    const options = ['--steps', String(steps), '--out', folder, '--backend', 'wasm']
    execFileSync(process.execPath, ['apps/cli/bin/mate-bench.js', 'trace', file, ...options])
    const trace = z.object({ steps: z.array(z.object({ loss: z.number() })) })
    const { steps: traced } = trace.parse(JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8')))
    const { batchSize } = spec.training
    const stepsPerEpoch = Math.ceil(trainingImages / batchSize)
    let [sum, images] = [0, 0]
    return traced.map(({ loss }, n) => {
      const step = n % stepsPerEpoch
      if (step === 0) [sum, images] = [0, 0]
      const size = Math.min(batchSize, trainingImages - step * batchSize)
      sum += loss * size
      images += size
      return sum / images
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Images of the training split of `tinyTraining`. */
const trainingImages = 80

/** Its steps: two epochs of three. */
const steps = 6

test('a spec trains in the page to the losses of Node, digit for digit, and is offered for submission', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const complaints = listen(page)
  const { losses, backend } = await trainInPage(page, 'wasm')
  expect(backend).toBe('WebAssembly, one thread')
  expect(losses).toEqual(lossesInNode(tinyTraining, steps))
  const rows = page.getByRole('group', { name: 'Figures of each epoch' }).locator('tbody tr')
  await expect(rows).toHaveCount(3)
  await expect(rows.last()).toContainText('Test split')
  await page.getByRole('link', { name: 'Submit this spec' }).click()
  await expect(page.getByRole('textbox', { name: 'Spec' })).toHaveValue(JSON.stringify(tinyTraining))
  expect(complaints).toEqual([])
})

/** Another browser than that of the other tests: what it may compute with is asked for at its start. */
async function withBrowser(args: readonly string[], use: (page: Page) => Promise<void>): Promise<void> {
  const { launchOptions, baseURL } = test.info().project.use
  const browser = await chromium.launch({ ...launchOptions, args: [...(launchOptions?.args ?? []), ...args] })
  try {
    await use(await browser.newPage(baseURL ? { baseURL } : {}))
  } finally {
    await browser.close()
  }
}

test('without a GPU the page falls back to WebAssembly, and says so', async () => {
  test.setTimeout(240_000)
  await withBrowser(['--disable-gpu'], async (page) => {
    const { losses } = await trainInPage(page, 'auto')
    expect(losses).toHaveLength(steps)
    await expect(page.getByText('WebGPU is not available in this browser')).toBeVisible()
  })
})

/** Chromium's own Vulkan driver, which computes on the processor. */
const softwareGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan']

/**
 * How near the losses of the first steps are, which another order of sums moves. The first is that of the same weights, the second shows
 * every gradient of the first step. After that a single activation near zero, which rounding takes over to the ReLU's other side, comes to
 * 5e-5 (docs/engines.md); `test/engines/webgpu-steps.test.ts` takes each step from equal weights.
 */
const stepsWithin = [1e-6, 1e-5, 1e-4]

test('on WebGPU the page trains to the losses of Node', async () => {
  test.setTimeout(240_000)
  await withBrowser(softwareGpu, async (page) => {
    // Smaller batches: a step of 32 images takes six seconds of processor time.
    const spec = { ...tinyTraining, training: { ...tinyTraining.training, batchSize: 8 } }
    await startInPage(page, 'webgpu', spec)
    // On the processor an evaluation of the test split takes minutes: what is compared here is there before.
    await expect
      .poll(async () => (await toldInPage(page)).losses.length, { timeout: 180_000 })
      .toBeGreaterThanOrEqual(stepsWithin.length)
    const { losses, backend } = await toldInPage(page)
    expect(backend).toContain('WebGPU')
    const inNode = lossesInNode(spec, stepsWithin.length)
    for (const [step, most] of stepsWithin.entries()) {
      const [loss = Number.NaN, expected = Number.NaN] = [losses[step], inNode[step]]
      expect(Math.abs(loss / expected - 1), `step ${step + 1}`).toBeLessThan(most)
    }
    await page.getByRole('button', { name: 'Stop' }).click()
    await expect(page.getByText('Stopped. Nothing was kept.')).toBeVisible({ timeout: 60_000 })
  })
})

test('no other page loads any of it', async ({ page }) => {
  const scripts = new Map<string, string>()
  page.on('response', async (response) => {
    if (/\.(js|wasm|gz)$/.test(response.url()))
      scripts.set(response.url(), await response.text().catch(() => ''))
  })
  const loaded = (what: RegExp) =>
    [...scripts].flatMap(([url, text]) => (!url.endsWith('.js') || what.test(text) ? [url] : []))
  for (const path of ['/', '/methods/mate', '/queue', '/docs']) {
    await page.goto(path, { waitUntil: 'networkidle' })
  }
  await openEntry(page)
  await page.waitForLoadState('networkidle')
  expect(scripts.size).toBeGreaterThan(5)
  // Names that tfjs' backends cannot do without.
  expect(loaded(/WasmBackendModule|WEBGPU_CPU_FORWARD|turbopack-worker/)).toEqual([])
  // The editor names the worker that checks a spec, and starts it with the first change.
  await page.goto('/submit', { waitUntil: 'networkidle' })
  expect(loaded(/WasmBackendModule|WEBGPU_CPU_FORWARD/)).toEqual([])
  expect(page.workers()).toEqual([])
})

test('a training is stopped, also in the midst of a long step, and another dataset is refused with what to do', async ({
  page,
}) => {
  test.setTimeout(120_000)
  await page.goto('/try/train')
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText(/^Step [1-9]/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped. Nothing was kept.')).toBeVisible()
  // A step of this network takes minutes, in which its worker hears nothing.
  const backbone = { ...tinyTraining.model.backbone, width: 256 }
  const wide = { ...tinyTraining, model: { ...tinyTraining.model, backbone } }
  await page.getByRole('textbox', { name: 'Spec' }).fill(JSON.stringify(wide))
  await expect(page.getByText(/^Valid: [0-9,]{10,} parameters/)).toBeVisible()
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText('Step 0 of 6')).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped. Nothing was kept.')).toBeVisible({ timeout: 10_000 })
  const other = { ...tinyTraining, dataset: { name: 'cifar10' } }
  await page.getByRole('textbox', { name: 'Spec' }).fill(JSON.stringify(other))
  await expect(page.getByText(/^Valid: /)).toBeVisible()
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText('can train on fashion-mnist-mini only')).toBeVisible()
})
