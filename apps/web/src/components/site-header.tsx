import { Logo } from './logo.tsx'
import { SiteNav } from './site-nav.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

/** The way to every part of the site, the same on every page. */
export function SiteHeader({ path }: { readonly path: string }) {
  return (
    <header className="border-b border-line bg-surface no-print">
      <div className="shell flex flex-wrap items-center gap-x-6 gap-y-1 py-2.5">
        <a href="/" className="flex items-center gap-2 font-semibold tracking-tight">
          <Logo />
          MATE Bench
        </a>
        <SiteNav path={path} />
        <div className="ml-auto">
          <ThemeSwitch />
        </div>
      </div>
    </header>
  )
}
