import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** A small phone, a phone, a tablet and a desk, in pixels. */
export const widths = [320, 390, 768, 1440] as const
export const schemes = ['light', 'dark'] as const

/** Widths at which axe looks: what it sees depends on the narrow and the wide layout, and on nothing between. */
const axeWidths: readonly number[] = [320, 1440]

/** Folds of a section that are opened: the others are of the same kind, and axe takes its time over what can be seen. */
const mostFolds = 3

/**
 * What keeps somebody from reading a page as it stands, at every width: the document sticks out, or a rule of axe is broken. The page
 * is loaded once and then resized, widest first.
 */
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
  const faults: string[] = []
  for (const width of [...widths].reverse()) {
    await page.setViewportSize({ width, height: 900 })
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (overflow > 0) faults.push(`${width} sticks out by ${overflow} pixels`)
    if (axeWidths.includes(width))
      faults.push(...(await violationsOf(page)).map((text) => `${width} ${text}`))
  }
  return faults
}

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    // Without frames of other sites, which alone need a page of their own for the end.
    .setLegacyMode(true)
    // The one rule of WCAG 2.2 AA, which axe leaves off.
    .options({ rules: { 'target-size': { enabled: true } } })
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)
}
