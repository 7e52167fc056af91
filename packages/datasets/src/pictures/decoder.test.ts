import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { jpeg, picture, png } from '../fixtures/pictures.ts'
import { openDecoder, type PictureDecoder } from './decoder.ts'

const colour = [200, 100, 50] as const
const plain = { height: 30, width: 40, colour }

let decoder: PictureDecoder
beforeAll(async () => {
  decoder = await openDecoder()
})

async function decode(bytes: Uint8Array, shortSide = 30, cropBottom = 0) {
  const inspected = await decoder.inspect(bytes, 'cats/1.jpg', { shortSide, cropBottom })
  return await inspected.decode()
}

/** Colour in the middle, which no edge touches. */
function middle({ pixels, height, width }: Awaited<ReturnType<typeof decode>>): number[] {
  const at = ((height >> 1) * width + (width >> 1)) * 3
  return [...pixels.subarray(at, at + 3)]
}

const expectColour = (found: number[], expected: readonly number[], within = 2) =>
  found.forEach((value, c) => {
    expect(Math.abs(value - (expected[c] ?? 0)), `${found}`).toBeLessThanOrEqual(within)
  })

describe('decoding', () => {
  it('names the parts whose versions decide the last bit', () => {
    expect(decoder.versions).toEqual({
      sharp: '0.35.5',
      libvips: expect.stringMatching(/^8\./),
      mozjpeg: expect.any(String),
      libpng: expect.any(String),
    })
  })

  it('gives the pixels of a PNG as they are where nothing is resized', async () => {
    const spec = { height: 5, width: 7, colour, noise: 40 }
    const { pixels } = await decode(await png(spec), 5)
    const { data } = await sharp(await png(spec))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([...pixels]).toEqual([...data])
  })

  it('resizes to the short side, the long one rounded down, whichever way it lies', async () => {
    const wide = await decode(await jpeg({ height: 100, width: 155, colour }), 64)
    expect([wide.height, wide.width]).toEqual([64, 99])
    const tall = await decode(await jpeg({ height: 155, width: 100, colour }), 64)
    expect([tall.height, tall.width]).toEqual([99, 64])
    const small = await decode(await jpeg({ height: 10, width: 20, colour }), 64)
    expect([small.height, small.width]).toEqual([64, 128])
    expectColour(middle(wide), colour)
  })

  it('averages what it makes smaller: a fine checkerboard becomes grey', async () => {
    const size = 64
    const pixels = Buffer.alloc(size * size * 3)
    for (let i = 0; i < size * size; i++)
      pixels.fill((i + Math.floor(i / size)) % 2 ? 255 : 0, i * 3, i * 3 + 3)
    const board = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
      .png()
      .toBuffer()
    const decoded = await decode(board, 16)
    expectColour(middle(decoded), [127, 127, 127], 3)
  })

  it('cuts a banner off before it resizes', async () => {
    const banner = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#00f' } })
      .png()
      .toBuffer()
    const framed = await picture({ height: 80, width: 40, colour })
      .composite([{ input: banner, top: 60, left: 0 }])
      .png()
      .toBuffer()
    const decoded = await decode(framed, 20, 20)
    expect([decoded.height, decoded.width]).toEqual([30, 20])
    expectColour([...decoded.pixels.subarray(-3)], colour)
  })

  it.each([
    ['grey', () => picture(plain).greyscale().jpeg().toBuffer(), 128],
    [
      '16-bit grey',
      () =>
        sharp(new Uint16Array(1200).fill(51_200), { raw: { width: 40, height: 30, channels: 1 } })
          .toColourspace('grey16')
          .png()
          .toBuffer(),
      200,
    ],
  ])('makes three equal channels of %s', async (_, make, expected) => {
    const [red, green, blue] = middle(await decode(await make()))
    expect([green, blue]).toEqual([red, red])
    expect(Math.abs((red ?? 0) - expected)).toBeLessThanOrEqual(3)
  })

  it('scales 16 bits to 8', async () => {
    const deep = Uint16Array.from({ length: 3600 }, (_, i) => (colour[i % 3] ?? 0) * 256)
    const bytes = await sharp(deep, { raw: { width: 40, height: 30, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    expect((await sharp(bytes).metadata()).depth).toBe('ushort')
    expectColour(middle(await decode(bytes)), colour)
  })

  it('converts CMYK', async () => {
    const bytes = await picture(plain).toColourspace('cmyk').jpeg().toBuffer()
    expect((await sharp(bytes).metadata()).space).toBe('cmyk')
    // The profile of the press can't print this orange: near is right.
    expectColour(middle(await decode(bytes)), colour, 35)
  })

  it('applies the EXIF orientation: 6 stands a picture that lies upright', async () => {
    const left = await sharp({ create: { width: 20, height: 30, channels: 3, background: '#00f' } })
      .png()
      .toBuffer()
    const bytes = await picture(plain)
      .composite([{ input: left, top: 0, left: 0 }])
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const decoded = await decode(bytes)
    expect([decoded.height, decoded.width]).toEqual([40, 30])
    // A quarter turn to the right: what was on the left is on top.
    expectColour([...decoded.pixels.subarray(0, 3)], [0, 0, 255], 6)
    expectColour([...decoded.pixels.subarray(-3)], colour, 6)
  })

  it('lays transparency over white', async () => {
    expectColour(middle(await decode(await picture(plain).ensureAlpha(0).png().toBuffer())), [255, 255, 255])
  })

  it('reads a PNG that is called .jpg', async () => {
    expectColour(middle(await decode(await png(plain))), colour)
  })
})

describe('a picture is refused by name', () => {
  const refusal = (bytes: Uint8Array) =>
    decode(bytes).then(
      () => 'decoded',
      (error) => error,
    )

  it.each([1, 20, 200, 500])('when its last %i bytes are missing', async (missing) => {
    const whole = await jpeg({ height: 60, width: 60, colour, noise: 90 })
    expect(await refusal(whole.subarray(0, whole.length - 2 - missing))).toMatchObject({
      code: 'bad-input',
      path: 'cats/1.jpg',
      message: expect.stringMatching(/^cats\/1\.jpg can't be used: it is damaged or cut short/),
      hint: 'Get it again, or take it out.',
    })
  })

  it('when a PNG is cut short', async () => {
    const whole = await png({ height: 60, width: 60, colour, noise: 90 })
    expect(await refusal(whole.subarray(0, whole.length >> 1))).toMatchObject({
      message: expect.stringContaining('cut short'),
    })
  })

  it.each([
    ['a GIF', () => picture(plain).gif().toBuffer()],
    ['an SVG', async () => new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a web page', async () => new TextEncoder().encode('<html>404</html>')],
    ['nothing', async () => new Uint8Array()],
  ])('when it is %s', async (_, make) => {
    expect(await refusal(await make())).toMatchObject({
      message: "cats/1.jpg can't be used: it is neither JPEG nor PNG.",
    })
  })

  it('when it is a strip', async () => {
    expect(await refusal(await png({ height: 2, width: 40, colour }))).toMatchObject({
      message: "cats/1.jpg can't be used: it has 40 x 2 pixels.",
      hint: expect.stringContaining('16 times the short one'),
    })
  })
})
