import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { z } from 'zod'

/** Every page, light and dark, on a phone and a desk: nobody is kept out, nothing sticks out. */

const fixed = [
  '/',
  '/?unit=flops&method=joint',
  '/methods',
  '/methods/mate',
  '/methods/byot',
  '/datasets',
  '/datasets/fashion-mnist-mini',
  '/datasets/cifar100',
  '/specs',
  '/submit',
  '/queue',
  '/docs',
  '/docs/api',
  '/about',
  '/compare',
  '/nothing',
]

const lists = z.object({ rows: z.array(z.object({ entry: z.string(), specDigest: z.string() })) })

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [390, 1440]) {
    test(`pages, ${colorScheme}, ${width} pixels wide`, async ({ browser, baseURL }) => {
      test.setTimeout(180_000)
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 900 },
        ...(baseURL === undefined ? {} : { baseURL }),
      })
      const page = await context.newPage()
      const { rows } = lists.parse(await (await context.request.get('/board.json')).json())
      const entries = [...new Set(rows.map(({ entry }) => entry))]
      await page.goto('/')
      const cifar = await page
        .locator('select[name=track] option', { hasText: 'cifar100' })
        .getAttribute('value')
      await page.goto(`/entries/${entries[0]}`)
      const run = (await page.locator('a[href^="/runs/run_"]').first().getAttribute('href')) ?? ''
      const paths = [
        ...fixed,
        `/?track=${cifar}&published=1`,
        `/entries/${entries[0]}`,
        run.split('/files/')[0] ?? '',
        run.replace('/runs/', '/explore/').split('/files/')[0] ?? '',
        `/specs/${rows[0]?.specDigest.replace('sha256:', '')}`,
        `/compare?entries=${entries.join(',')}`,
      ]
      const faults: string[] = []
      for (const path of paths) {
        await page.goto(path)
        await page.evaluate(() => {
          // The page of the API has some hundred of them, of one kind.
          for (const details of [...document.querySelectorAll('details')].slice(0, 30)) details.open = true
        })
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        if (overflow > 0) faults.push(`${path} sticks out by ${overflow} pixels`)
        // Structure is the same in every variant and colours at every width of a scheme: two of the four tell all.
        if ((colorScheme === 'light') !== (width === 1440)) continue
        const axe = new AxeBuilder({ page })
        if (colorScheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block'])
        const { violations } = await axe.analyze()
        faults.push(...violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html.slice(0, 200)}`))
      }
      expect(faults).toEqual([])
      await context.close()
    })
  }
}
