import { BenchError } from '@mate-bench/schema'

const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']
/** This machine is never asked through another one. */
const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Sends what `fetch` asks for through the proxy of the environment, as curl does and Node by itself does not:
 * `HTTPS_PROXY` and `HTTP_PROXY`, but for the hosts of `NO_PROXY`, each in small letters too.
 *
 * @returns the variable that is followed; undefined where there is none
 * @throws BenchError `bad-input` for a proxy that is no URL; its value, which may hold a password, is not repeated
 */
export async function useProxyOfEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  const set = variables.filter((name) => env[name])
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? ''
  if (set.length === 0 || noProxy === '*') return undefined
  for (const name of set) {
    const url = env[name] ?? ''
    if (URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol)) continue
    throw new BenchError({
      code: 'bad-input',
      message: `${name} is not the address of a proxy.`,
      path: name,
      hint: 'Write http://HOST:PORT, or unset it.',
    })
  }
  // Loaded where it is needed alone: most commands ask nobody.
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici')
  setGlobalDispatcher(
    new EnvHttpProxyAgent({
      httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
      httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
      noProxy: [noProxy, ...loopback].filter(Boolean).join(','),
    }),
  )
  return set[0]
}
