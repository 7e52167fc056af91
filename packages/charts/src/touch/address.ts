import type { ChartView } from '../model.ts'

/**
 * How a chart is looked at, in the part of an address behind `#`: what is shown is no other page to a server or a cache.
 * `#board.x=1000000..30000000&board.axis=linear`; charts of one page are told apart by their ids.
 */
const keys = { range: 'x', axis: 'axis', y: 'y', intervals: 'intervals', hidden: 'hide' } as const

/** What an address says of a chart; what is not understood is left out. */
export function readView(hash: string, id: string): ChartView {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''))
  const get = (key: keyof typeof keys) => parameters.get(`${id}.${keys[key]}`)
  const range = get('range')?.split('..').map(Number)
  const [from = Number.NaN, to = Number.NaN] = range ?? []
  const hidden = get('hidden')?.split('~').filter(Boolean)
  return {
    ...(Number.isFinite(from) && Number.isFinite(to) && from < to ? { range: [from, to] } : {}),
    ...(get('axis') === 'linear' ? { linear: true } : {}),
    ...(get('y') === 'error' ? { error: true } : {}),
    ...(get('intervals') === 'off' ? { plain: true } : {}),
    ...(hidden?.length ? { hidden } : {}),
  }
}

/** The same address with another view of one chart; everything else in it stays. */
export function writeView(hash: string, id: string, view: ChartView): string {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''))
  const put = (key: keyof typeof keys, value: string | undefined) => {
    if (value === undefined) parameters.delete(`${id}.${keys[key]}`)
    else parameters.set(`${id}.${keys[key]}`, value)
  }
  put('range', view.range?.map((end) => String(Number(end.toPrecision(4)))).join('..'))
  put('axis', view.linear && 'linear')
  put('y', view.error && 'error')
  put('intervals', view.plain && 'off')
  put('hidden', view.hidden?.length ? view.hidden.join('~') : undefined)
  // A fragment without a value, such as that of a heading, is kept as it was.
  const text = parameters.toString().replace(/=(?=&|$)/g, '')
  return text === '' ? '' : `#${text}`
}
