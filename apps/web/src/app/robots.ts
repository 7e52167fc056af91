import type { MetadataRoute } from 'next'
import { siteUrl } from '../data/site-url.ts'

/** The address comes from the environment of the server, not of the build. */
export const dynamic = 'force-dynamic'

export default function robots(): MetadataRoute.Robots {
  return {
    rules: { userAgent: '*', allow: '/', disallow: ['/api/', '/compare'] },
    sitemap: new URL('/sitemap.xml', siteUrl()).href,
  }
}
