import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { APIRequestContext } from '@playwright/test'
import { z } from 'zod'
import { siteAccess } from './site-token.ts'
import { tinyDocument } from './tiny-document.ts'

/** Every page of the site, for tests that look at all of them. */

const fixed = [
  '/',
  '/?unit=flops&method=joint',
  '/?published=1',
  '/?track=cifar100&published=1',
  // Of this dataset papers print numbers, and nobody has trained on it here.
  '/?track=imagenet',
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
  '/submit?method=kd',
  '/results',
  '/try',
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
export const missing = '/nothing'

/** Those of what is published and submitted too: an entry, a run, the explorer, a spec, a comparison, a submission. */
export async function sitePages(request: APIRequestContext): Promise<string[]> {
  return [...fixed, ...(await pagesOfRows(request)), await submission(request), missing]
}

const lists = z.object({
  rows: z.array(z.object({ entry: z.string(), specDigest: z.string() })),
})

async function pagesOfRows(request: APIRequestContext): Promise<string[]> {
  const { rows } = lists.parse(await (await request.get('/board.json')).json())
  const entries = [...new Set(rows.map(({ entry }) => entry))]
  const page = await (await request.get(`/entries/${entries[0]}`)).text()
  const run = /href="\/runs\/(run_\w+)"/.exec(page)?.[1]
  const [track] = (await (await request.get('/api/v1/tracks')).json()).data
  return [
    `/tracks/${track.digest.slice(7, 15)}?at=2026-01-01`,
    `/?track=${track.digest.slice(7, 15)}&at=${new Date().toISOString().slice(0, 10)}`,
    `/entries/${entries[0]}`,
    `/try/${entries[0]}`,
    `/runs/${run}`,
    `/explore/${run}`,
    `/specs/${rows[0]?.specDigest.replace('sha256:', '')}`,
    `/compare?entries=${entries.slice(0, 3).join(',')}`,
  ]
}

/** A submission that waits to be approved; the same one each time. */
async function submission(request: APIRequestContext): Promise<string> {
  const made = await request.post('/api/v1/submissions', {
    headers: { authorization: `Bearer ${siteAccess().token}`, 'idempotency-key': 'looks' },
    data: { ...tinyDocument, name: 'waits-for-approval' },
  })
  if (made.status() !== 201) throw new Error(`no submission: ${made.status()} ${await made.text()}`)
  return `/submissions/${z.object({ id: z.string() }).parse(await made.json()).id}`
}

/** Patterns of the addresses that the site's sources have a page for, by the folder of each. */
export function pagePatterns(): { readonly page: string; readonly pattern: RegExp }[] {
  const root = fileURLToPath(new URL('../../apps/web/src/app', import.meta.url))
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => {
      const page = `/${file.replace(/\/?page\.tsx$/, '')}`
      return { page, pattern: new RegExp(`^${page.replaceAll(/\[\w+\]/g, '[^/]+')}$`) }
    })
}
