import { BenchError } from '@mate-bench/schema'
import type { ApiLimits } from './dependencies.ts'

/** About five runs of ResNet-18 on CIFAR-100 for 200 epochs: a few days of a small GPU. */
const defaultMacs = 1e17

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
  }
}

/** `TRUSTED_PROXY`: how many proxies stand in front; 0 where it is not set. */
export function trustedProxiesFromEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
): number {
  return Math.floor(numberFrom(env, 'TRUSTED_PROXY') ?? 0)
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
  })
}
