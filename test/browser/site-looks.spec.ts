import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { z } from 'zod'
import { faultsOf, schemes, widths } from './faults.ts'
import { listen } from './listen.ts'
import { siteAccess } from './site-token.ts'
import { tinyDocument } from './tiny-document.ts'

/** Every page, light and dark, on a phone and a desk: nobody is kept out, nothing sticks out, nothing is complained of. */

const fixed = [
  '/',
  '/?unit=flops&method=joint',
  '/methods',
  '/methods/mate',
  '/methods/byot',
  '/backbones',
  '/backbones/resnet',
  '/glossary',
  '/datasets',
  '/datasets/fashion-mnist-mini',
  '/datasets/cifar100',
  '/specs',
  '/submit',
  '/results',
  '/try/train',
  '/queue',
  '/docs',
  '/docs/check',
  '/docs/submit',
  '/docs/api',
  '/about',
  '/compare',
]

/** The browser itself says that it is not there. */
const missing = '/nothing'

const lists = z.object({ rows: z.array(z.object({ entry: z.string(), specDigest: z.string() })) })

for (const colorScheme of schemes) {
  for (const width of widths) {
    test.describe(() => {
      test.use({ colorScheme, viewport: { width, height: 900 } })

      test(`pages, ${colorScheme}, ${width} pixels wide`, async ({ page, request }) => {
        test.setTimeout(180_000)
        const paths = [...fixed, ...(await pathsOfRows(page, request)), await submission(request), missing]
        const complaints = listen(page)
        const faults: string[] = []
        for (const path of paths) {
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
}

/** Pages of what is published: an entry, a run, the explorer, a spec, a comparison, and a board with papers' numbers. */
async function pathsOfRows(page: Page, request: APIRequestContext): Promise<string[]> {
  const { rows } = lists.parse(await (await request.get('/board.json')).json())
  const entries = [...new Set(rows.map(({ entry }) => entry))]
  await page.goto(`/entries/${entries[0]}`)
  const runs = page.getByRole('group', { name: 'Runs' }).locator('a[href^="/runs/run_"]')
  const run = (await runs.first().getAttribute('href')) ?? ''
  const [track] = (await (await request.get('/api/v1/tracks')).json()).data
  return [
    '/?published=1',
    '/?track=cifar100&published=1',
    // Of this dataset papers print numbers, and nobody has trained on it here.
    '/?track=imagenet',
    `/tracks/${track.digest.slice(7, 15)}?at=2026-01-01`,
    `/entries/${entries[0]}`,
    `/try/${entries[0]}`,
    run,
    run.replace('/runs/', '/explore/'),
    `/specs/${rows[0]?.specDigest.replace('sha256:', '')}`,
    `/compare?entries=${entries.join(',')}`,
  ]
}

/** A submission that waits to be approved; the same one each time. */
async function submission(request: APIRequestContext): Promise<string> {
  const made = await request.post('/api/v1/submissions', {
    headers: { authorization: `Bearer ${siteAccess().token}`, 'idempotency-key': 'looks' },
    data: { ...tinyDocument, name: 'waits-for-approval' },
  })
  expect(made.status()).toBe(201)
  return `/submissions/${z.object({ id: z.string() }).parse(await made.json()).id}`
}
