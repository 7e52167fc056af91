const links = [
  ['Datasets', '/datasets'],
  ['About', '/about'],
  ['Docs', '/docs'],
  ['API', '/docs/api'],
  ['Feed', '/feed.xml'],
] as const

/** What is looked for at the end of a page, the same on every page. */
export function SiteFooter() {
  return (
    <footer className="mt-16 border-t border-line text-soft no-print">
      <div className="shell flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2 py-6 text-[0.9rem]">
        <p>Every number here can be recomputed from published predictions.</p>
        <ul className="flex flex-wrap gap-x-5">
          {links.map(([name, href]) => (
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
