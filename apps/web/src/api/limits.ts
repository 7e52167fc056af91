import { BenchError } from '@mate-bench/schema'
import type { ApiLimits } from './dependencies.ts'
import type { TrustedProxy } from './middleware/client-address.ts'

/** About five runs of ResNet-18 on CIFAR-100 for 200 epochs: a few days of a small GPU. */
const defaultMacs = 1e17

/** What the GPUs that train submissions have. */
const defaultBytes = 24e9

/**
 * Limits of a server, from its environment.
 * @throws BenchError `bad-input` for a limit that is no number
 */
export function limitsFromEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ApiLimits {
  return {
    perToken: { burst: 20, perMinute: 30 },
    perAddress: { burst: 60, perMinute: 120 },
    bodyBytes: 1_000_000,
    macsPerSubmission: numberFrom(env, 'MATE_BENCH_MAX_MACS') ?? defaultMacs,
    bytesPerRun: numberFrom(env, 'MATE_BENCH_MAX_BYTES') ?? defaultBytes,
  }
}

/**
 * `TRUSTED_PROXY`: how many proxies in front append to `X-Forwarded-For`, or the name of the header into which the
 * proxy puts the client's address.
 *
 * @throws BenchError `bad-input` for anything else
 */
export function trustedProxyFromEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): TrustedProxy {
  const text = env.TRUSTED_PROXY?.trim().toLowerCase() ?? ''
  if (text === '' || text === '0') return { kind: 'none' }
  if (/^[1-9]$/.test(text)) return { kind: 'forwarded-for', proxies: Number(text) }
  if (/^[a-z][a-z0-9-]*$/.test(text)) return { kind: 'header', name: text }
  throw new BenchError({
    code: 'bad-input',
    message: 'TRUSTED_PROXY must be a number from 0 to 9, or the name of a header.',
    path: 'TRUSTED_PROXY',
    hint: 'Set how many proxies append to X-Forwarded-For, or which header the proxy sets to the address of the client.',
  })
}

function numberFrom(env: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = env[name]
  if (text === undefined || text.trim() === '') return undefined
  const value = Number(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw new BenchError({
    code: 'bad-input',
    message: `${name} must be a number of at least 0.`,
    path: name,
    hint: 'Write it in digits, such as 1e17, or leave it out.',
  })
}
