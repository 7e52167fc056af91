type Environment = Readonly<Record<string, string | undefined>>

/** The address of a licence under which the site's numbers and files may be used, if its operator names one. */
export function dataLicence(env: Environment = process.env): URL | undefined {
  return webAddress(env.MATE_BENCH_LICENCE)
}

/** Where the project's sources are, if its operator names it. */
export function repository(env: Environment = process.env): URL | undefined {
  return webAddress(env.MATE_BENCH_REPOSITORY)
}

/** An address that a browser may be sent to: nothing but `http` and `https`. */
function webAddress(text: string | undefined): URL | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined
}
