import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** A phone and a desk, in pixels. */
export const widths = [390, 1440] as const
export const schemes = ['light', 'dark'] as const

/** Folds of a section that are opened: the others are of the same kind, and axe takes its time over what can be seen. */
const mostFolds = 3

/** What keeps somebody from reading a page as it stands: the document sticks out, or a rule of axe is broken. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate((most) => {
    const opened = new Map<Element | null, number>()
    for (const details of document.querySelectorAll('details')) {
      const section = details.closest('section')
      const before = opened.get(section) ?? 0
      details.open ||= before < most
      opened.set(section, before + 1)
    }
  }, mostFolds)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  // Without frames of other sites, which alone need a page of their own for the end.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return [
    ...(overflow > 0 ? [`sticks out by ${overflow} pixels`] : []),
    ...violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`),
  ]
}
