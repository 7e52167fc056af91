interface Section {
  readonly name: string
  readonly href: string
  /** Other addresses that are reached from there. */
  readonly parts?: readonly string[]
}

const sections: readonly Section[] = [
  { name: 'Board', href: '/', parts: ['/try', '/entries', '/runs', '/explore', '/compare', '/tracks'] },
  { name: 'Results', href: '/results' },
  { name: 'Methods', href: '/methods' },
  { name: 'Datasets', href: '/datasets' },
  { name: 'Specs', href: '/specs' },
  { name: 'Queue', href: '/queue', parts: ['/submissions'] },
  { name: 'Submit', href: '/submit' },
  { name: 'Docs', href: '/docs' },
]

/** The site's sections; the one that the page belongs to is marked. */
export function SiteNav({ path }: { readonly path: string }) {
  return (
    <nav aria-label="Pages" className="order-last w-full sm:order-none sm:w-auto">
      <ul className="flex flex-wrap gap-x-4 text-soft sm:gap-x-5">
        {sections.map((section) => (
          <li key={section.href}>
            <a
              href={section.href}
              aria-current={placeIn(section, path)}
              className="inline-block border-b-2 border-transparent py-1 hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
            >
              {section.name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** `page` for the section's own page, `true` for one below it. */
function placeIn({ href, parts = [] }: Section, path: string): 'page' | 'true' | undefined {
  if (path === href) return 'page'
  const roots = href === '/' ? parts : [href, ...parts]
  return roots.some((root) => path === root || path.startsWith(`${root}/`)) ? 'true' : undefined
}
