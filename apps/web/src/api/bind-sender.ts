import { verifyBinding } from '@mate-bench/provenance'
import type { Envelope } from '@mate-bench/schema'
import { bindToken, type Db } from '@mate-bench/store'
import type { Context } from 'hono'
import { boundElsewhere } from './bound-elsewhere.ts'
import type { ApiDependencies, ApiEnv } from './dependencies.ts'
import { bearerOf } from './middleware/authenticate.ts'
import { problemResponse } from './problem-response.ts'

/**
 * Binds the request's token to the key that the request is signed with. What is signed is public, so it proves nothing of who
 * sends it: a token is bound only by a statement of the key that names the token and this site.
 *
 * @param key null for a request that is not signed
 * @returns the refusal, if it is one
 * @throws BenchError `verification-failed` for a binding of another token or site
 */
export async function bindSender(
  c: Context<ApiEnv>,
  deps: Pick<ApiDependencies, 'clock' | 'siteHost'>,
  db: Db,
  { key, binding }: { readonly key: string | null; readonly binding?: Envelope | undefined },
): Promise<Response | undefined> {
  const { token } = c.var
  if (key !== null && token.key === null) {
    if (!binding) return unbound()
    const site = deps.siteHost ?? ownMachine(c.req.header('host') ?? new URL(c.req.url).host)
    if (site === undefined) return addressUnknown()
    const signer = await verifyBinding(binding, { token: bearerOf(c) ?? '', site })
    if (signer !== key) return unbound()
  }
  return (await bindToken(db, token, key, deps.clock())) ? undefined : boundElsewhere()
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * The host where it is this machine. Any other name in a request is the sender's word: somebody who runs a site of that name and
 * hands out tokens of ours would be sent bindings for it, and could give them to us.
 */
function ownMachine(host: string): string | undefined {
  const address = `http://${host}`
  return URL.canParse(address) && loopback.includes(new URL(address).hostname) ? host : undefined
}

function addressUnknown(): Response {
  return problemResponse({
    code: 'forbidden',
    detail: 'The site does not know its own address, so it binds no token to a key.',
    hint: 'Who runs it sets MATE_BENCH_URL to the address under which people reach it.',
  })
}

function unbound(): Response {
  return problemResponse({
    code: 'forbidden',
    detail: 'The request is signed, and nothing shows that the token is that key’s.',
    hint: 'Send "binding", which names the token and this site, signed with the same key, as `mate-bench` does.',
  })
}
