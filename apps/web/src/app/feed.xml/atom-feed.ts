import { escapeXml } from '../../view/escape-xml.ts'

/** What a reader of the feed sees of an entry. */
export interface FeedEntry {
  /** What tells it from all others, a URI. @default its `url` */
  readonly id?: string
  /** Absolute. */
  readonly url: string
  readonly title: string
  readonly summary: string
  readonly publishedAt: Date
  /** When it last changed. */
  readonly updatedAt: Date
}

export interface FeedOptions {
  /** Absolute, of the feed itself. */
  readonly selfUrl: string
  /** Absolute, of the page it belongs to. */
  readonly pageUrl: string
  readonly title: string
  /** Newest first. */
  readonly entries: readonly FeedEntry[]
}

/** An Atom feed, RFC 4287. An empty one says that it never changed since 1970: the format wants a time. */
export function atomFeed({ selfUrl, pageUrl, title, entries }: FeedOptions): string {
  const updated = new Date(Math.max(0, ...entries.map((entry) => entry.updatedAt.getTime()))).toISOString()
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <title>${escapeXml(title)}</title>`,
    `  <id>${escapeXml(pageUrl)}</id>`,
    `  <link rel="self" type="application/atom+xml" href="${escapeXml(selfUrl)}"/>`,
    `  <link rel="alternate" type="text/html" href="${escapeXml(pageUrl)}"/>`,
    `  <updated>${updated}</updated>`,
    `  <author><name>${escapeXml(title)}</name></author>`,
    ...entries.flatMap(({ url, id = url, title: name, summary, publishedAt, updatedAt }) => [
      '  <entry>',
      `    <title>${escapeXml(name)}</title>`,
      `    <id>${escapeXml(id)}</id>`,
      `    <link rel="alternate" type="text/html" href="${escapeXml(url)}"/>`,
      `    <published>${publishedAt.toISOString()}</published>`,
      `    <updated>${updatedAt.toISOString()}</updated>`,
      `    <summary>${escapeXml(summary)}</summary>`,
      '  </entry>',
    ]),
    '</feed>',
    '',
  ].join('\n')
}
