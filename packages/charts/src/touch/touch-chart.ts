import { chartMarkup, plotMarkup, yLabel } from '../chart-markup.ts'
import { short } from '../markup.ts'
import type { ChartModel, ChartView } from '../model.ts'
import { pointText } from '../value-text.ts'
import { readView, writeView } from './address.ts'
import { element, svgElement } from './elements.ts'
import { lookAt, onLook } from './highlight.ts'
import { touchLegend } from './legend.ts'
import { createTip } from './tip.ts'
import { createTools } from './tools.ts'
import { nearestStop, nextStop, type Stop, stopsOf } from './walk.ts'
import { brushed, leastBrush, zoomed } from './zoom.ts'

/**
 * Makes a chart on a page one that can be touched: points speak under the pointer, by tap and by keyboard, the legend hides
 * and shows, a brushed range fills the frame and stands in the address, and the picture can be saved.
 *
 * @param root an element that holds the `chartMarkup` of the model
 * @returns what undoes all of it
 */
export function touchChart(root: HTMLElement, model: ChartModel): () => void {
  const chart = root.querySelector<HTMLElement>('.chart')
  const plot = chart?.querySelector<HTMLElement>('.chart-plot')
  const label = chart?.querySelector<HTMLElement>('.chart-y')
  if (!chart || !plot || !label) return () => {}
  let view: ChartView = readView(location.hash, model.id)
  let stops: readonly Stop[] = []
  /** Which of them is walked to, and the one that can be reached by the tab key. */
  let current = 0
  /** The one that is told of. */
  let said: number | undefined
  /** Where a press began, as a share of the width; the brush is drawn from there. */
  let start: number | undefined
  let brush: SVGElement | undefined

  const drawing = element('div', { class: 'chart-drawing' })
  const layer = svgElement('svg', {
    class: 'chart-touch',
    role: 'group',
    'aria-label': `Points of the chart: ${model.title}. Arrow keys move, plus and minus zoom.`,
  })
  const tip = createTip(plot)
  const tools = createTools(model, () => view, set)
  const updateLegend = touchLegend(chart, model, () => view, set)
  // What the server drew is what an address without a view asks for.
  drawing.append(...plot.childNodes)
  plot.append(drawing, layer, tip.box)
  chart.append(tools.bar)
  const stopLooking = onLook(plot, light)
  const followAddress = () => {
    view = readView(location.hash, model.id)
    draw()
  }
  addEventListener('hashchange', followAddress)
  for (const [type, act] of Object.entries({
    keydown: walk,
    pointerdown: press,
    pointermove: move,
    pointerup: release,
    pointercancel: cancel,
    pointerleave: leave,
  })) {
    layer.addEventListener(type, act as EventListener)
  }
  // Not on the SVG: Chromium gives the focus to one that listens for it.
  plot.addEventListener('focusin', focus)
  plot.addEventListener('focusout', leave)
  if (Object.keys(view).length > 0) draw()
  else follow()
  return () => {
    stopLooking()
    removeEventListener('hashchange', followAddress)
    // A framework may have put another chart there already.
    if (chart.isConnected) root.innerHTML = chartMarkup(model)
  }

  function set(next: ChartView): void {
    view = next
    history.replaceState(
      null,
      '',
      `${location.pathname}${location.search}${writeView(location.hash, model.id, view)}`,
    )
    draw()
  }

  function draw(): void {
    drawing.innerHTML = plotMarkup(model, view)
    if (label) label.textContent = yLabel(model, view)
    follow()
  }

  /** Brings everything around the drawing in line with it. */
  function follow(): void {
    tools.update(view)
    updateLegend(view)
    show(undefined)
    stops = stopsOf(model, view)
    current = Math.min(current, Math.max(0, stops.length - 1))
    layer.replaceChildren(
      ...stops.map(({ series, index, left, top, offset }, i) =>
        svgElement('circle', {
          cx: `${short(100 * left)}%`,
          cy: `${short(100 * top)}%`,
          r: '8',
          transform: `translate(${short(offset)})`,
          role: 'img',
          tabindex: i === current ? '0' : '-1',
          'aria-label': pointText(model, series, index, view).join(', '),
        }),
      ),
    )
  }

  function light(key: string | undefined): void {
    const svg = drawing.firstElementChild
    const groups = [...(svg?.querySelectorAll('[data-key]') ?? [])]
    const isHere = groups.some((group) => group.getAttribute('data-key') === key)
    svg?.classList.toggle('has-lit', isHere)
    for (const group of groups) group.classList.toggle('lit', group.getAttribute('data-key') === key)
  }

  /** Says what a point is, and lights up its series here and in tables. */
  function show(i: number | undefined): void {
    if (i === said) return
    said = i
    for (const [j, circle] of [...layer.children].entries()) circle.classList.toggle('near', j === i)
    const stop = i === undefined ? undefined : stops[i]
    if (!stop) {
      tip.hide()
      lookAt(undefined)
      return
    }
    tip.show(pointText(model, stop.series, stop.index, view), stop)
    lookAt(stop.series.key)
  }

  function walk(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const around = stops[current]?.left
    if (event.key === 'Escape') show(undefined)
    else if (event.key === '+' || event.key === '=') zoomAt(0.5, around)
    else if (event.key === '-') zoomAt(2, around)
    else {
      const to = nextStop(stops, current, event.key)
      if (to === undefined) return
      focusStop(to)
    }
    event.preventDefault()
  }

  function zoomAt(factor: number, around: number | undefined): void {
    const stop = stops[current]
    set(zoomed(model, view, factor, around))
    // The point that was walked to is still the one, whatever else is in the frame now.
    const still = stops.findIndex(({ series, index }) => series === stop?.series && index === stop.index)
    if (stops.length > 0) focusStop(Math.max(0, still))
  }

  function focusStop(to: number): void {
    layer.children[current]?.setAttribute('tabindex', '-1')
    current = to
    const circle = layer.children[to]
    circle?.setAttribute('tabindex', '0')
    if (circle instanceof SVGElement) circle.focus()
  }

  function focus({ target }: FocusEvent): void {
    const i = [...layer.children].indexOf(target as Element)
    if (i < 0) return
    current = i
    show(i)
  }

  function place({ clientX, clientY }: PointerEvent) {
    const { left, top, width, height } = layer.getBoundingClientRect()
    return { left: clientX - left, top: clientY - top, size: { width, height } }
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0) return
    const { left, size } = place(event)
    start = left / size.width
    layer.setPointerCapture(event.pointerId)
  }

  function move(event: PointerEvent): void {
    const at = place(event)
    const share = Math.min(1, Math.max(0, at.left / at.size.width))
    if (start === undefined || Math.abs(share - start) < leastBrush) {
      if (!brush) show(nearestStop(stops, at, at.size))
      return
    }
    show(undefined)
    brush ??= layer.appendChild(svgElement('rect', { height: '100%' }))
    brush.setAttribute('x', `${100 * Math.min(start, share)}%`)
    brush.setAttribute('width', `${100 * Math.abs(share - start)}%`)
  }

  function release(event: PointerEvent): void {
    const at = place(event)
    const [from, wasBrushed] = [start, brush !== undefined]
    cancel()
    if (wasBrushed && from !== undefined) set(brushed(model, view, from, at.left / at.size.width))
    else show(nearestStop(stops, at, at.size))
  }

  function cancel(): void {
    brush?.remove()
    start = undefined
    brush = undefined
  }

  function leave(event: PointerEvent | FocusEvent): void {
    // A finger that lifts leaves too; what it tapped stays until the next tap.
    if (event instanceof PointerEvent && event.pointerType === 'touch') return
    show(undefined)
  }
}
