import { describe, expect, it } from 'vitest'
import { bytesOfPicture, hasLightBorder, paintDot, rgbaOfBytes } from './picture-bytes.ts'

describe('bytesOfPicture', () => {
  it('weighs colours as eyes do, and turns light to dark', () => {
    const rgba = [255, 0, 0, 255, 0, 255, 0, 255, 255, 255, 255, 255]
    expect([...bytesOfPicture(rgba, { channels: 1, invert: false })]).toEqual([76, 150, 255])
    expect([...bytesOfPicture(rgba, { channels: 1, invert: true })]).toEqual([179, 105, 0])
  })

  it('keeps the colours of a colour dataset', () => {
    expect([...bytesOfPicture([1, 2, 3, 255, 4, 5, 6, 255], { channels: 3, invert: false })]).toEqual([
      1, 2, 3, 4, 5, 6,
    ])
  })

  it('is undone by what a canvas shows', () => {
    const bytes = Uint8Array.of(0, 7, 200, 255)
    expect(bytesOfPicture(rgbaOfBytes(bytes, 1), { channels: 1, invert: false })).toEqual(bytes)
  })
})

it('sees a light border around a dark thing', () => {
  const picture = (border: number, inside: number) =>
    rgbaOfBytes(
      Uint8Array.from({ length: 9 }, (_, i) => (i === 4 ? inside : border)),
      1,
    )
  expect(hasLightBorder(picture(250, 0), 3)).toBe(true)
  expect(hasLightBorder(picture(10, 255), 3)).toBe(false)
})

it('paints a dot with soft edges, and darkens nothing', () => {
  const before = new Uint8Array(49)
  before[0] = 90
  const painted = paintDot(before, 7, { row: 3, column: 3 })
  expect(painted[24]).toBe(255)
  expect(painted[23]).toBe(painted[25])
  expect(painted[22]).toBeLessThan(painted[23] ?? 0)
  expect(painted[0]).toBe(90)
  expect(painted[48]).toBe(0)
})
