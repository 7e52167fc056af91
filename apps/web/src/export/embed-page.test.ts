import { createHash } from 'node:crypto'
import { frontiersChart } from '@mate-bench/charts'
import { parseHTML } from 'linkedom'
import { expect, it } from 'vitest'
import { embedPage } from './embed-page.ts'

const texts = { id: 'frontier', title: 'A title', description: 'A description' }
const content = {
  title: '</title><script>alert(1)</script>',
  chart: frontiersChart([{ name: 'today', points: [{ name: 'a', k: 1, macs: 1e6, top1: 0.8 }] }], texts),
  note: 'A note',
  citation: 'A citation <b>',
  href: 'https://bench.example/tracks/00000000?at=2026-01-01&x="',
}
const read = async (address: string) => {
  const answer = embedPage(new Request(address), content)
  const html = await answer.text()
  return { policy: answer.headers.get('content-security-policy') ?? '', document: parseHTML(html).document }
}

it('may be framed by anybody, runs nothing, and allows its own style alone', async () => {
  const { policy, document } = await read('https://bench.example/embed/tracks/00000000')
  expect(policy).toContain('frame-ancestors *')
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('script-src')
  const style = document.querySelector('style')?.textContent ?? ''
  expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  expect(document.querySelectorAll('script')).toHaveLength(0)
  expect(document.querySelectorAll('svg').length).toBeGreaterThan(0)
})

it('says in text what it shows and how it is cited, and leads to the view outside the frame', async () => {
  const { document } = await read('https://bench.example/embed/tracks/00000000')
  expect(document.querySelector('h1')?.textContent).toBe(content.title)
  expect(document.querySelector('main > p:last-child')?.textContent).toContain(content.citation)
  for (const link of document.querySelectorAll('a')) {
    expect(link.getAttribute('href')).toBe(content.href)
    expect(link.getAttribute('target')).toBe('_blank')
    expect(link.getAttribute('rel')).toBe('noopener')
  }
})

it('takes a theme from its address, and no other text', async () => {
  const themeOf = async (query: string) =>
    (await read(`https://bench.example/embed/board${query}`)).document.documentElement.getAttribute(
      'data-theme',
    )
  expect(await themeOf('?theme=dark')).toBe('dark')
  expect(await themeOf('')).toBeNull()
  expect(await themeOf('?theme="><script>')).toBeNull()
})
