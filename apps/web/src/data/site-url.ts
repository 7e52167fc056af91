type Environment = Readonly<Record<string, string | undefined>>

/** Where the site is reached, for absolute links: `MATE_BENCH_URL`, else Vercel's own, else this machine. */
export function siteUrl(env: Environment = process.env): URL {
  return configuredUrl(env) ?? new URL(`http://localhost:${env.PORT ?? '3000'}`)
}

/** The same if it is set, else undefined. */
export function configuredUrl(env: Environment = process.env): URL | undefined {
  const vercel = env.VERCEL_PROJECT_PRODUCTION_URL
  const candidates = [env.MATE_BENCH_URL, vercel && `https://${vercel}`]
  const url = candidates.find((candidate) => candidate !== undefined && URL.canParse(candidate))
  return url === undefined ? undefined : new URL(url)
}
