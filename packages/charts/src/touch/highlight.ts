/** Which entry a reader looks at, told between charts and tables of a page. */

const event = 'chart-entry'

/** Says which entry is looked at; undefined for none. */
export function lookAt(key: string | undefined): void {
  document.dispatchEvent(new CustomEvent(event, { detail: key }))
}

/**
 * Hears of it, and tells of rows (`data-entry`) under the pointer or with the focus.
 *
 * @returns what ends it
 */
export function onLook(chart: Element, show: (key: string | undefined) => void): () => void {
  const hear = (heard: Event) => {
    const key = (heard as CustomEvent<string | undefined>).detail
    for (const row of document.querySelectorAll('[data-entry]')) {
      row.classList.toggle('lit', key !== undefined && row.getAttribute('data-entry') === key)
    }
    show(key)
  }
  let last: string | undefined
  const tell = ({ target }: Event) => {
    if (!(target instanceof Element) || chart.contains(target)) return
    const key = target.closest('[data-entry]')?.getAttribute('data-entry') ?? undefined
    if (key !== last) lookAt(key)
    last = key
  }
  document.addEventListener(event, hear)
  document.addEventListener('pointerover', tell)
  document.addEventListener('focusin', tell)
  return () => {
    document.removeEventListener(event, hear)
    document.removeEventListener('pointerover', tell)
    document.removeEventListener('focusin', tell)
  }
}
