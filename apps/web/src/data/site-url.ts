/** Where the site is reached, for absolute links: `MATE_BENCH_URL`, else Vercel's own, else this machine. */
export function siteUrl(env: Readonly<Record<string, string | undefined>> = process.env): URL {
  const vercel = env.VERCEL_PROJECT_PRODUCTION_URL
  const candidates = [env.MATE_BENCH_URL, vercel && `https://${vercel}`]
  const url = candidates.find((candidate) => candidate !== undefined && URL.canParse(candidate))
  return new URL(url ?? `http://localhost:${env.PORT ?? '3000'}`)
}
