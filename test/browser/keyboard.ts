import type { Page } from '@playwright/test'

/** Stops of the Tab key that are made one by one; the others are only looked at. */
const mostStops = 20
/** A field for a date has stops of its own: day, month, year and the calendar. */
const mostParts = 4

/**
 * What keeps somebody without a mouse from using a page: a control that Tab does not reach, a focus that cannot be seen, or
 * an element that Tab does not leave.
 */
export async function keyboardFaultsOf(page: Page): Promise<string[]> {
  const stops: string[] = []
  for (let i = 0; i < mostStops; i++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const { activeElement: at } = document
      if (!at || at === document.body) return undefined
      const all = [...document.querySelectorAll('*')]
      return `${all.indexOf(at)} ${at.outerHTML.slice(0, 120)}`
    })
    // Behind the last one.
    if (stop === undefined) break
    stops.push(stop)
  }
  const held = new Set(stops.filter((stop, i) => i >= mostParts && stop === stops[i - mostParts]))
  const faults = [...held].map((stop) => `Tab does not leave ${stop}`)
  // The last thing used was the keyboard, so whatever is focused now shows it.
  faults.push(...(await page.evaluate(controlFaults)))
  await page.keyboard.press('Tab')
  const stuck = await page.evaluate(() => {
    const { activeElement: at } = document
    return at?.hasAttribute('data-last-stop') ? at.outerHTML.slice(0, 120) : undefined
  })
  if (stuck !== undefined) faults.push(`Tab does not leave ${stuck}`)
  return faults
}

/** Runs in the page: every control can be focused, and shows that it is. The last one keeps the focus. */
function controlFaults(): string[] {
  const faults: string[] = []
  const selector =
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=slider], [role=application], [tabindex]'
  const isSeen = (element: Element) => element.checkVisibility({ visibilityProperty: true })
  const controls = [...document.querySelectorAll<HTMLElement>(selector)].filter(
    (element) => isSeen(element) && !element.matches(':disabled, [tabindex="-1"]:not(button, [role])'),
  )
  let last: HTMLElement | undefined
  for (const control of controls) {
    const name = control.outerHTML.slice(0, 120)
    if (control.tabIndex < 0) {
      // One of a group that arrow keys walk: Tab reaches another of it.
      const group = control.closest('[role=group], [role=radiogroup], [role=toolbar], fieldset')
      if (!group?.querySelector('[tabindex="0"]')) faults.push(`Tab does not reach ${name}`)
      continue
    }
    control.focus({ preventScroll: true })
    if (document.activeElement !== control) {
      faults.push(`it cannot be focused: ${name}`)
      continue
    }
    last = control
    const { outlineStyle, outlineWidth, boxShadow, stroke } = getComputedStyle(control)
    const hasRing = control instanceof SVGElement && stroke !== 'none'
    const isShown = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none' || hasRing
    if (!isShown) faults.push(`its focus is not to be seen: ${name}`)
  }
  last?.setAttribute('data-last-stop', '')
  return faults
}
