import type { MethodNeeds } from '@mate-bench/methods'

/** How the rows of a batch of so many images fall to the pass that is differentiated and to the one apart from it. */
export function rowsOf(
  { views = 1, partners }: MethodNeeds,
  images: number,
): { readonly together: number; readonly apart: number } {
  const drawn = images * (partners?.count ?? 0)
  const own = images * views
  return partners?.pass === 'apart' ? { together: own, apart: drawn } : { together: own + drawn, apart: 0 }
}
