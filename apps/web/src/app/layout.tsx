import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { SiteFooter } from '../components/site-footer.tsx'
import { SiteHeader } from '../components/site-header.tsx'
import { siteUrl } from '../data/site-url.ts'
import { feed } from '../view/feed.ts'
import { pageScript } from '../view/page-script.ts'
import { themeScript } from '../view/theme.ts'
import './globals.css'

export const metadata: Metadata = {
  metadataBase: siteUrl(),
  title: { default: 'MATE Bench', template: '%s | MATE Bench' },
  description:
    'A reproducible benchmark of multi-exit image classifiers: accuracy against compute for every exit, with intervals, from runs that anyone can check.',
  openGraph: { siteName: 'MATE Bench', type: 'website' },
  alternates: feed,
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#17181c' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // A script that bears it may run; `bin/answers` puts hashes in its place. Asking for it also keeps Next from rendering pages
  // when the site is built, where no data are.
  const asked = await headers()
  const nonce = asked.get('x-nonce') ?? undefined
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script
          nonce={nonce}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant
          dangerouslySetInnerHTML={{ __html: themeScript }}
        />
        <script nonce={nonce} src={pageScript.path} defer />
      </head>
      <body className="flex min-h-dvh flex-col bg-page font-sans text-ink antialiased">
        <a href="#main" className="sr-skip">
          Skip to content
        </a>
        <SiteHeader path={asked.get('x-path') ?? ''} />
        <main id="main" tabIndex={-1} className="shell flex-1 py-7 outline-none">
          {children}
        </main>
        <SiteFooter />
      </body>
    </html>
  )
}
