import { isLegendShown } from '../chart-markup.ts'
import { type ChartModel, type ChartView, legendKey } from '../model.ts'
import { button } from './elements.ts'
import { lookAt } from './highlight.ts'

/**
 * Makes the lines of a legend buttons that hide and show, and that light up what they stand for.
 *
 * @returns shows what is hidden
 */
export function touchLegend(
  root: Element,
  model: ChartModel,
  view: () => ChartView,
  set: (view: ChartView) => void,
): (view: ChartView) => void {
  const buttons = [...root.querySelectorAll('[data-legend]')].map((item) => {
    const key = item.getAttribute('data-legend') ?? ''
    const made = button('', '', () => {
      const hidden = view().hidden ?? []
      set({
        ...view(),
        hidden: hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key],
      })
    })
    made.append(...item.childNodes)
    item.append(made)
    // A group is of several, and lights up none.
    const isOne = model.series.some((series) => series.key === key && legendKey(series) === key)
    for (const type of ['pointerenter', 'focus']) made.addEventListener(type, () => isOne && lookAt(key))
    for (const type of ['pointerleave', 'blur']) made.addEventListener(type, () => lookAt(undefined))
    return { key, made }
  })
  return (now) => {
    for (const { key, made } of buttons)
      made.setAttribute('aria-pressed', String(isLegendShown(model, key, now)))
  }
}
