import { escapeXml } from '../view/escape-xml.ts'

/** Widths of a proportional sans at 11 px, roughly: enough to make room, since text is fitted to it. */
const widthPx = (text: string) =>
  [...text].reduce(
    (sum, character) => sum + (/[ilI.,:|'!]/.test(character) ? 4 : /[mwMW%@]/.test(character) ? 10 : 6.8),
    0,
  )

/** A small two-part label to embed elsewhere. Both texts may come from anybody. */
export function badgeSvg(label: string, message: string): string {
  const [left, right] = [label, message].map((text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text))
  const [name = '', value = ''] = [left, right]
  const leftWidth = Math.round(widthPx(name) + 14)
  const rightWidth = Math.round(widthPx(value) + 14)
  const width = leftWidth + rightWidth
  const title = `${escapeXml(name)}: ${escapeXml(value)}`
  const text = (x: number, room: number, content: string) =>
    `<text x="${x}" y="14" textLength="${room}" lengthAdjust="spacingAndGlyphs">${escapeXml(content)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${leftWidth}" height="20" fill="#3f3f46"/>`,
    `<rect x="${leftWidth}" width="${rightWidth}" height="20" fill="#0f766e"/></g>`,
    '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    text(7, leftWidth - 14, name),
    text(leftWidth + 7, rightWidth - 14, value),
    '</g></svg>\n',
  ].join('')
}
