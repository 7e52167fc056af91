import type { Theme } from '../view/theme.ts'
import { Logo } from './logo.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

const pages = [
  ['Board', '/'],
  ['Methods', '/methods'],
  ['Specs', '/specs'],
  ['Queue', '/queue'],
  ['Submit', '/submit'],
  ['Docs', '/docs'],
] as const

/** The way to every part of the site, the same on every page. */
export function SiteHeader({ theme }: { theme: Theme }) {
  return (
    <header className="border-b border-line bg-surface no-print">
      <div className="shell flex flex-wrap items-center gap-x-6 gap-y-1 py-2.5">
        <a href="/" className="flex items-center gap-2 font-semibold tracking-tight">
          <Logo />
          MATE Bench
        </a>
        <nav aria-label="Pages" className="order-last w-full overflow-x-auto sm:order-none sm:w-auto">
          <ul className="flex justify-between gap-x-3 text-soft sm:justify-start sm:gap-x-5">
            {pages.map(([name, href]) => (
              <li key={href}>
                <a href={href} className="inline-block py-1 hover:text-ink">
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto">
          <ThemeSwitch theme={theme} />
        </div>
      </div>
    </header>
  )
}
