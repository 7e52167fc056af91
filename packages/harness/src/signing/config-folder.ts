import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where a user's keys are, and those that they trust: `MATE_BENCH_CONFIG`, else `mate-bench` in the user's configuration
 * folder (`XDG_CONFIG_HOME`, else `~/.config`).
 */
export function configFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.MATE_BENCH_CONFIG) return env.MATE_BENCH_CONFIG
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'mate-bench')
}
