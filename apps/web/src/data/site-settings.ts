type Environment = Readonly<Record<string, string | undefined>>

/** The address of a licence under which the site's numbers and files may be used, if its operator names one. */
export function dataLicence(env: Environment = process.env): URL | undefined {
  return webAddress(env.MATE_BENCH_LICENCE)
}

/** Where the project's sources are, if its operator names it. */
export function repository(env: Environment = process.env): URL | undefined {
  return webAddress(env.MATE_BENCH_REPOSITORY)
}

/** Where somebody without a token asks for one, if the operator names it: a page, such as a sign-up form, or an e-mail address. */
export function contact(env: Environment = process.env): URL | undefined {
  const text = env.MATE_BENCH_CONTACT?.trim().replace(/^mailto:/, '')
  return text !== undefined && /^[^\s@/:]+@[^\s@/:]+$/.test(text)
    ? new URL(`mailto:${text}`)
    : webAddress(text)
}

interface Discussed {
  readonly id: string
  readonly name: string
  /** Of its page, absolute. */
  readonly url: string
}

/**
 * Where an entry is discussed: the address of the setting, with `{id}`, `{name}` and `{url}` filled in. Undefined where the
 * operator names none.
 */
export function discussionUrl(entry: Discussed, env: Environment = process.env): URL | undefined {
  const filled = env.MATE_BENCH_DISCUSSION?.replaceAll(/\{(id|name|url)\}/g, (_, key: keyof Discussed) =>
    encodeURIComponent(entry[key]),
  )
  return webAddress(filled)
}

/** An address that a browser may be sent to: nothing but `http` and `https`. */
function webAddress(text: string | undefined): URL | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined
}
