import { decodeCursor } from '@mate-bench/store'
import { notFound } from 'next/navigation'
import type { SearchParams } from '../view/board-params.ts'

/** Where in a list an address stands; undefined at its start. A text that no list gave leads to a page that is not there. */
export function pageCursor({ cursor }: SearchParams): string | undefined {
  if (typeof cursor !== 'string' || cursor === '') return undefined
  try {
    decodeCursor(cursor)
  } catch {
    notFound()
  }
  return cursor
}
