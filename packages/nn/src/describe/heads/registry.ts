import { z } from 'zod'
import { bottleneck } from './bottleneck.ts'
import { byot } from './byot.ts'
import { eed } from './eed.ts'
import type { Head } from './head.ts'
import { linear } from './linear.ts'
import { msdnetHead } from './msdnet.ts'
import { separable } from './separable.ts'

/** Every head, in the order in which lists show them. */
export const heads: readonly Head[] = [linear, eed, bottleneck, byot, separable, msdnetHead]

/** The `model.head` part of a spec. */
export const headOptions = z.discriminatedUnion('name', [
  linear.options,
  eed.options,
  bottleneck.options,
  byot.options,
  separable.options,
  msdnetHead.options,
])

export type HeadOptions = z.output<typeof headOptions>

export function headOf(options: HeadOptions): Head {
  const head = heads.find(({ name }) => name === options.name)
  if (!head) throw new RangeError(`no head is called ${options.name}`)
  return head
}
