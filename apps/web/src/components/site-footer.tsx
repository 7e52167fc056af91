import { contact, repository } from '../data/site-settings.ts'

const links = [
  ['Backbones', '/backbones'],
  ['Try it', '/try'],
  ['Glossary', '/glossary'],
  ['About', '/about'],
  ['Docs', '/docs'],
  ['API', '/docs/api'],
  ['Feed', '/feed.xml'],
] as const

/** What is looked for at the end of a page, the same on every page. */
export function SiteFooter() {
  const code = repository()
  const asked = contact()
  const all = [
    ...links,
    ...(code === undefined ? [] : [['Code', code.href] as const]),
    ...(asked === undefined ? [] : [['Contact', asked.href] as const]),
  ]
  return (
    <footer className="mt-16 border-t border-line text-soft no-print">
      <div className="shell flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2 py-6 text-[0.9rem]">
        <p>
          Every result trained here can be{' '}
          <a className="link" href="/docs/check">
            checked and reproduced
          </a>
          . Numbers from papers are marked as such.
        </p>
        <ul className="flex flex-wrap gap-x-5 gap-y-1.5">
          {all.map(([name, href]) => (
            <li key={href}>
              <a className="link" href={href}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </footer>
  )
}
