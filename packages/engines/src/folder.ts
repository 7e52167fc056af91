import { resolve } from 'node:path'
import { defaultDataFolder } from '@mate-bench/datasets/data-folder'

/**
 * Where engines are kept: `MATE_BENCH_ENGINES`, else `engines` in `MATE_BENCH_DATA`, else `mate-bench/engines` in the
 * user's cache folder. Outside node_modules, so that `npm ci` leaves them alone.
 */
export function enginesFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env.MATE_BENCH_ENGINES) return resolve(env.MATE_BENCH_ENGINES)
  return resolve(defaultDataFolder(env), env.MATE_BENCH_DATA ? 'engines' : '../engines')
}
