import { showView } from './show-view.ts'

const typingMilliseconds = 250

let timer: ReturnType<typeof setTimeout> | undefined

/**
 * Forms of the board: each change shows at once, and typing when it pauses. They are listened to at the document, since a view that
 * is shown brings its own.
 */
export function actAtOnce(): void {
  document.addEventListener('input', ({ target, isComposing }) => {
    if (isComposing || !isTyped(target) || !isFilter(formOf(target))) return
    clearTimeout(timer)
    if (target.validity.valid) timer = setTimeout(() => showTyped(target), typingMilliseconds)
  })
  document.addEventListener('compositionend', ({ target }) => {
    if (isTyped(target) && isFilter(formOf(target))) showTyped(target)
  })
  document.addEventListener('change', ({ target }) => {
    const form = formOf(target)
    if (form && !isTyped(target)) show(form)
  })
  document.addEventListener('submit', (event) => {
    const form = formOf(event.target)
    if (!isFilter(form)) return
    event.preventDefault()
    show(form)
  })
}

function formOf(target: EventTarget | null): HTMLFormElement | undefined {
  const form = target instanceof Element ? target.closest<HTMLFormElement>('form[data-acts]') : null
  return form ?? undefined
}

function isFilter(form: HTMLFormElement | undefined): form is HTMLFormElement {
  return form?.dataset.acts === 'filter'
}

/** The form that the field is in by now: a view that came meanwhile brought another. */
function showTyped(field: HTMLInputElement): void {
  const form = formOf(field)
  if (form) show(form)
}

function isTyped(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && ['search', 'number'].includes(target.type)
}

function show(form: HTMLFormElement): void {
  clearTimeout(timer)
  void showView(isFilter(form) ? filtered(form) : selected(form))
}

/** Several values of one name are a list; what is empty or by default is left out. */
function filtered(form: HTMLFormElement): string {
  const defaults = new Map(Object.entries(JSON.parse(form.dataset.defaults ?? '{}')))
  const data = new FormData(form)
  const query = new URLSearchParams()
  for (const name of new Set(data.keys())) {
    const value = data.getAll(name).join(',')
    if (value !== '' && value !== defaults.get(name)) query.set(name, value)
  }
  return query.size === 0 ? '/' : `/?${query}`
}

/** What is ticked is in the address at once, so that every link keeps it. */
function selected(form: HTMLFormElement): string {
  const ids = new FormData(form).getAll('entries')
  const [path = '/'] = (form.dataset.view ?? '/').split('#')
  const selection = ids.length === 0 ? '' : `${path.includes('?') ? '&' : '?'}compare=${ids.join(',')}`
  // How the chart is looked at stands behind the #.
  return `${path}${selection}${location.hash}`
}
