import { element } from './elements.ts'

export interface Tip {
  readonly box: HTMLElement
  /** @param at its point, in [0, 1] of the frame */
  show(lines: readonly string[], at: { readonly left: number; readonly top: number }): void
  hide(): void
}

/** The box beside a point. What it says is also the point's name, so nobody is read it twice. */
export function createTip(plot: HTMLElement): Tip {
  const box = element('div', { class: 'chart-tip', 'aria-hidden': 'true' })
  box.hidden = true
  return {
    box,
    show([name = '', ...lines], { left, top }) {
      box.replaceChildren(element('strong', {}, name), lines.join('\n'))
      box.hidden = false
      const x = left * plot.clientWidth
      const y = top * plot.clientHeight
      // Where there is room: to the right unless that is over the edge, above unless that is.
      const over = x + 14 + box.offsetWidth > plot.clientWidth
      box.style.left = `${Math.max(-40, over ? x - 14 - box.offsetWidth : x + 14)}px`
      box.style.top = `${y - box.offsetHeight - 10 < -30 ? y + 12 : y - box.offsetHeight - 10}px`
    },
    hide() {
      box.hidden = true
    },
  }
}
