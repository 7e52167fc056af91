import { touchCharts } from './charts.ts'
import { fillOpenRows } from './unfold.ts'

let asking: AbortController | undefined
/** The reader is leaving the page, which aborts running requests. */
let leaving = false

addEventListener('beforeunload', () => {
  leaving = true
  // A download asks to leave too, and stays.
  setTimeout(() => {
    leaving = false
  }, 1000)
})

/**
 * Shows another view of the page that is open: its address at once, and its content when it is there. What the reader has focused
 * or unfolded stays so. A view that is asked for meanwhile comes instead.
 */
export async function showView(address: string): Promise<void> {
  // There React owns every element, and none may be replaced behind its back.
  if (process.env.NODE_ENV === 'development') {
    location.replace(address)
    return
  }
  asking?.abort()
  asking = new AbortController()
  const { signal } = asking
  history.replaceState(null, '', address)
  try {
    const response = await fetch(address, { headers: { accept: 'text/html' }, signal })
    const text = await response.text()
    const main = new DOMParser().parseFromString(text, 'text/html').querySelector('main')
    if (!response.ok || !main) throw new Error('no view')
    replaceMain(main)
  } catch {
    // The browser says what is wrong with the page, or with the network.
    if (!signal.aborted && !leaving) location.reload()
  }
}

/** @param next as the server wrote it; scripts in it do not run */
function replaceMain(next: HTMLElement): void {
  const main = document.querySelector('main')
  if (!main) return
  // Parsed without scripts, what is in them would be part of the forms.
  for (const fallback of next.querySelectorAll('noscript')) fallback.remove()
  const focused = document.activeElement
  const open = new Set([...main.querySelectorAll('details[open]')].map(nameOf))
  for (const details of next.querySelectorAll('details')) {
    if (open.has(nameOf(details))) details.open = true
  }
  const counterpart = focused && main.contains(focused) ? counterpartOf(focused, next) : undefined
  const isTyped = focused instanceof HTMLInputElement && ['search', 'number'].includes(focused.type)
  const field = isTyped ? focused : undefined
  const [start, end] = [field?.selectionStart ?? null, field?.selectionEnd ?? null]
  // The very field that is typed into: what was typed meanwhile is in it.
  if (field && counterpart) counterpart.replaceWith(field)
  main.replaceChildren(...next.childNodes)
  const refocused = field ?? counterpart
  if (refocused instanceof HTMLElement) refocused.focus({ preventScroll: true })
  // A field of numbers has no selection to set.
  if (start !== null) field?.setSelectionRange(start, end)
  touchCharts()
  fillOpenRows()
}

function nameOf(details: Element): string {
  return details.querySelector('summary')?.textContent ?? ''
}

/** The same control in another view: by its id, or by its name and, of several, its value. */
function counterpartOf(focused: Element, next: HTMLElement): Element | undefined {
  if (focused.id) return next.querySelector(`#${CSS.escape(focused.id)}`) ?? undefined
  const name = focused.getAttribute('name')
  if (!name) return undefined
  const named = [...next.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type="hidden"])`)]
  return named.find((one) => one.getAttribute('value') === focused.getAttribute('value')) ?? named[0]
}
