import type { ChartModel, ChartView } from '../model.ts'
import { button, element } from './elements.ts'
import { savePng, saveSvg } from './save.ts'
import { zoomed } from './zoom.ts'

export interface Tools {
  readonly bar: HTMLElement
  /** Shows what is switched on. */
  update(view: ChartView): void
}

type Switch = 'linear' | 'error' | 'plain'

/** The buttons under a chart: only what it can do. */
export function createTools(model: ChartModel, view: () => ChartView, set: (view: ChartView) => void): Tools {
  const hasIntervals = model.series.some(
    ({ kind, points }) => kind !== 'area' && points.some((point) => point[3] !== undefined),
  )
  const switches = [
    ...(model.x.format === 'si' ? ([['linear', 'Linear axis', true]] as const) : []),
    ...(model.y.errorLabel === undefined ? [] : ([['error', 'Error', true]] as const)),
    ...(hasIntervals ? ([['plain', 'Intervals', false]] as const) : []),
  ].map(([key, text, pressedWhenSet]: readonly [Switch, string, boolean]) => {
    const made = button(text, '', () => {
      const { [key]: was, ...rest } = view()
      set(was ? rest : { ...rest, [key]: true })
    })
    return { made, isPressed: (now: ChartView) => (now[key] === true) === pressedWhenSet }
  })
  const reset = button('Reset zoom', '', () => {
    const { range: _, ...whole } = view()
    set(whole)
  })
  const bar = element('div', { class: 'chart-tools', role: 'group', 'aria-label': `${model.title}: view` })
  bar.append(
    ...switches.map(({ made }) => made),
    button('−', 'Zoom out', () => set(zoomed(model, view(), 2))),
    button('+', 'Zoom in', () => set(zoomed(model, view(), 0.5))),
    reset,
    button('SVG', 'Download as SVG', () => saveSvg(model, view())),
    button('PNG', 'Download as PNG', () => void savePng(model, view())),
  )
  return {
    bar,
    update(now) {
      for (const { made, isPressed } of switches) made.setAttribute('aria-pressed', String(isPressed(now)))
      reset.disabled = now.range === undefined
    },
  }
}
