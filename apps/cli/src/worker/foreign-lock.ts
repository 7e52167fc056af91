import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { BenchError } from '@mate-bench/schema'
import { z } from 'zod'

const ownerSchema = z.looseObject({ host: z.string() })

/**
 * The lock file that an error speaks of, where its owner is on another machine: whether that one lives can't be seen
 * from here. Undefined for any other error.
 */
export function foreignLock(error: BenchError | undefined): string | undefined {
  if (error?.code !== 'conflict' || !error.path?.endsWith('.lock')) return undefined
  try {
    const { host } = ownerSchema.parse(JSON.parse(readFileSync(error.path, 'utf8')))
    return host === hostname() ? undefined : error.path
  } catch {
    // Gone, or being written at this moment.
    return undefined
  }
}
