import { BenchError } from '@mate-bench/schema'
import type { Page } from '@mate-bench/store'
import { notFound } from 'next/navigation'
import type { SearchParams } from '../view/board-params.ts'

/** The page of a list that an address asks for. With a cursor that the list never gave, there is no such page. */
export async function pageOfList<Row>(
  { cursor }: SearchParams,
  list: (cursor: string | undefined) => Promise<Page<Row>>,
): Promise<Page<Row>> {
  try {
    return await list(typeof cursor === 'string' && cursor !== '' ? cursor : undefined)
  } catch (thrown) {
    if (thrown instanceof BenchError && thrown.code === 'bad-input' && thrown.path === 'cursor') notFound()
    throw thrown
  }
}
