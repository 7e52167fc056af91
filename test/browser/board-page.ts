import type { Page } from '@playwright/test'

/** `601 k` is 601,000. */
export function count(text: string | null): number {
  const [figure = '', suffix = ''] = (text ?? '').split(/\s/)
  return Number(figure) * (({ k: 1e3, M: 1e6, G: 1e9 } as Record<string, number>)[suffix] ?? 1)
}

/** Links of the board's rows. */
export const entryNames = (page: Page) => page.locator('form[action="/compare"] tr.folded th a')
