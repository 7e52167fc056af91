/** Rows of the board that unfold to what stands on another page: a link leads there until the content has come. */
export function unfoldRows(): void {
  // The event does not bubble.
  document.addEventListener('toggle', ({ target }) => fill(target), { capture: true })
  fillOpenRows()
}

/** Those that are open already, as in a view that has just been shown. */
export function fillOpenRows(): void {
  for (const details of document.querySelectorAll('details[open]')) fill(details)
}

function fill(target: EventTarget | null): void {
  if (!(target instanceof HTMLDetailsElement) || !target.open) return
  const link = target.querySelector<HTMLAnchorElement>('a[data-unfolds]:not([aria-busy])')
  if (link) void replaceLink(link)
}

/** Puts the table that a link leads to in its place; where it cannot be had the link stays, and unfolding again tries again. */
async function replaceLink(link: HTMLAnchorElement): Promise<void> {
  link.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(link.href, { headers: { accept: 'text/html' } })
    const text = await response.text()
    const heading = new DOMParser().parseFromString(text, 'text/html').querySelector(new URL(link.href).hash)
    const table = heading?.closest('section')?.querySelector('.table-scroll')
    if (!response.ok || !table) return
    table.setAttribute('aria-label', link.dataset.unfolds ?? '')
    ;(link.parentElement ?? link).replaceWith(table)
  } catch {
    // The network failed: the link is still there.
  } finally {
    link.removeAttribute('aria-busy')
  }
}
