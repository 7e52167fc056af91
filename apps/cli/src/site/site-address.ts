import { BenchError } from '@mate-bench/schema'

/**
 * The address under which a site lives, with a slash at its end so that paths can be set behind it.
 *
 * @param inTheClear what would go wrong over plain HTTP to another machine, as a sentence
 * @throws BenchError `bad-input` for a URL that is none, or plain HTTP to another machine
 */
export function siteAddress(url: string, inTheClear: string): URL {
  const parsed = URL.canParse(url) ? new URL(url.endsWith('/') ? url : `${url}/`) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new BenchError({
      code: 'bad-input',
      message: `${url} is no address of a site.`,
      path: '--url',
      hint: 'Write it in full, such as https://bench.example.org.',
    })
  }
  const here = ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname)
  if (parsed.protocol === 'http:' && !here) {
    throw new BenchError({
      code: 'bad-input',
      message: inTheClear,
      path: '--url',
      hint: `Use https://${parsed.host}.`,
    })
  }
  return parsed
}
