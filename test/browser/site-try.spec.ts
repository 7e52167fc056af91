import { chromium, expect, type Page, test } from '@playwright/test'
import { listen } from './listen.ts'

/** A published network that runs in the page, and a training in the page. */

const answers = (page: Page) => page.getByRole('group', { name: 'Answers of the exits' }).locator('tbody tr')

async function openTry(page: Page, entry = 'tiny-joint'): Promise<void> {
  await page.goto('/')
  await page.getByRole('link', { name: entry, exact: true }).click()
  await page.getByRole('link', { name: 'Try it in your browser' }).click()
}

test('the published network answers in the browser as the run published, by keyboard', async ({ page }) => {
  test.setTimeout(120_000)
  const complaints = listen(page)
  await openTry(page)
  await expect(page.getByText('held to their digest')).toBeVisible({ timeout: 60_000 })
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
  // A drawing has no published answer beside it.
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

test('without JavaScript the pages say what they need, and what there is without', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, ...(baseURL ? { baseURL } : {}) })
  const page = await context.newPage()
  await openTry(page)
  await expect(page.getByText('Running the network needs JavaScript.')).toBeVisible()
  await page.goto('/try/train')
  await expect(page.getByText('Training in the page needs JavaScript.')).toBeVisible()
  await context.close()
})

/** A spec that trains in seconds: six steps. */
const tinyTraining = {
  schemaVersion: 1,
  name: 'tiny-in-page',
  dataset: { name: 'fashion-mnist-mini', subset: { perClass: 10, seed: 0 }, validation: { size: 20, seed: 0 } },
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

/** Trains in the page; gives the last line of the table, and the losses of its epochs. */
async function trainInPage(page: Page, spec: object, backend = 'wasm') {
  await page.goto('/try/train')
  await page.getByRole('textbox', { name: 'Spec' }).fill(JSON.stringify(spec))
  await expect(page.getByText(/^Valid: /)).toBeVisible({ timeout: 30_000 })
  await page.getByLabel('Compute with').selectOption(backend)
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText('Trained. Nothing was sent, stored or published.')).toBeVisible({
    timeout: 180_000,
  })
  const rows = page.getByRole('group', { name: 'Figures of each epoch' }).locator('tbody tr')
  return await rows.allInnerTexts()
}

test('a spec trains in the page to the figures of a run in Node, and is offered for submission', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const complaints = listen(page)
  const found = await trainInPage(page, tinyTraining)
  expect(found).toEqual(await figuresInNode())
  await page.getByRole('link', { name: 'Submit this spec' }).click()
  await expect(page.getByRole('textbox', { name: 'Spec' })).toHaveValue(JSON.stringify(tinyTraining))
  expect(complaints).toEqual([])
})

test('a training is stopped, and another dataset is refused with what to do', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto('/try/train')
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText(/^Step [1-9]/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped. Nothing of it is kept.')).toBeVisible()
  const other = { ...tinyTraining, dataset: { name: 'cifar10' } }
  await page.getByRole('textbox', { name: 'Spec' }).fill(JSON.stringify(other))
  await expect(page.getByText(/^Valid: /)).toBeVisible()
  await page.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText('trains on fashion-mnist-mini alone')).toBeVisible()
})
