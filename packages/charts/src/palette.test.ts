import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { colourCount, printedColour } from './palette.ts'

type Triple = readonly [number, number, number]

const style = readFileSync(new URL('chart.css', import.meta.url), 'utf8')
const pairs = [...style.matchAll(/--series-\d+: light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)]
const light = pairs.map(([, colour = '']) => colour)
const dark = pairs.map(([, , colour = '']) => colour)

/** Matrices of full dichromacy for linear RGB: Machado, Oliveira and Fernandes, 2009, table 1. */
const visions: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const luminance = (rgb: Triple) => dot([0.2126, 0.7152, 0.0722], rgb)

function lab(rgb: Triple): Triple {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const x = f(dot([0.4124, 0.3576, 0.1805], rgb) / 0.95047)
  const y = f(luminance(rgb))
  const z = f(dot([0.0193, 0.1192, 0.9505], rgb) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

function seen(hex: string, [r, g, b]: readonly [Triple, Triple, Triple]): Triple {
  const rgb = linear(hex)
  const clip = (value: number) => Math.min(1, Math.max(0, value))
  return lab([clip(dot(r, rgb)), clip(dot(g, rgb)), clip(dot(b, rgb))])
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [a, b].map((hex) => luminance(linear(hex))).sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

describe('colours of series', () => {
  it('are those of files in light pages', () => {
    expect(light).toEqual(Array.from({ length: colourCount }, (_, i) => printedColour(i)))
  })

  it.each([
    ['light', light, '#ffffff'],
    ['dark', dark, '#1b1d22'],
  ] as const)('on %s pages stand out from the surface', (_, colours, surface) => {
    for (const colour of colours) expect(contrast(colour, surface)).toBeGreaterThanOrEqual(3)
  })

  it.each(
    Object.entries(visions).flatMap(([name, vision]) => [
      [name, 'light', vision, light] as const,
      [name, 'dark', vision, dark] as const,
    ]),
  )('are told apart with %s vision on %s pages', (_name, _theme, vision, colours) => {
    const points = colours.map((colour) => seen(colour, vision))
    const distances = points.flatMap((a, i) =>
      points.slice(i + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
    )
    // CIE 1976: about 2.3 is just noticeable side by side, and marks are small and apart.
    expect(Math.min(...distances)).toBeGreaterThan(15)
  })
})
