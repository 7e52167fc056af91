import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { atomFeed } from './atom-feed.ts'

const page = { title: 'Bench', selfUrl: 'https://bench.example/feed.xml', pageUrl: 'https://bench.example/' }
const entry = {
  url: 'https://bench.example/entries/entry_1',
  title: 'resnet8-mate on cifar100',
  summary: 'mate on resnet, 3 exits, 2 runs.',
  publishedAt: new Date('2026-11-22T10:00:00Z'),
  updatedAt: new Date('2026-11-22T10:00:00Z'),
}

describe('atomFeed', () => {
  it('has what RFC 4287 demands of a feed and of each entry', () => {
    const older = {
      ...entry,
      url: `${entry.url}0`,
      publishedAt: new Date('2026-11-20T10:00:00Z'),
      updatedAt: new Date('2026-11-23T10:00:00Z'),
    }
    const { document } = parseHTML(atomFeed({ ...page, entries: [entry, older] }))
    const feed = document.querySelector('feed')
    expect(feed?.getAttribute('xmlns')).toBe('http://www.w3.org/2005/Atom')
    for (const name of ['title', 'id', 'updated', 'author > name']) {
      expect(feed?.querySelector(`:scope > ${name}`)?.textContent, name).toBeTruthy()
    }
    expect(feed?.querySelector(':scope > updated')?.textContent).toBe('2026-11-23T10:00:00.000Z')
    const entries = [...document.querySelectorAll('entry')]
    expect(entries.map((node) => node.querySelector('id')?.textContent)).toEqual([entry.url, older.url])
    for (const node of entries) {
      expect(node.querySelector('title')?.textContent).toBe(entry.title)
      expect(node.querySelector('link')?.getAttribute('href')).toBe(node.querySelector('id')?.textContent)
    }
    const times = (name: string) => entries.map((node) => node.querySelector(name)?.textContent?.slice(0, 10))
    expect(times('published')).toEqual(['2026-11-22', '2026-11-20'])
    expect(times('updated')).toEqual(['2026-11-22', '2026-11-23'])
  })

  it('escapes texts, so that none of them becomes an element', () => {
    const text = atomFeed({
      ...page,
      entries: [{ ...entry, title: '</title><script>"a" & \'b\'\u0000', summary: '<![CDATA[x]]>' }],
    })
    expect(text).toContain('<title>&lt;/title&gt;&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39; </title>')
    expect(text).toContain('<summary>&lt;![CDATA[x]]&gt;</summary>')
    expect(text).not.toContain('<script')
  })

  it('is a feed without entries too', () => {
    const text = atomFeed({ ...page, entries: [] })
    expect(text).toContain('<updated>1970-01-01T00:00:00.000Z</updated>')
    expect(text).not.toContain('<entry>')
  })
})
