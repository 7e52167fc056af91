/** Turns a picture into what a dataset holds of it. Pure: pixels in, bytes out. */

export interface PictureOptions {
  /** 1 for grey, 3 for colour. */
  readonly channels: number
  /** Light for dark: a dataset of light things on black sees nothing in a dark thing on white. */
  readonly invert: boolean
}

/** Shares of red, green and blue in brightness: ITU-R BT.601. */
const luma = [0.299, 0.587, 0.114] as const

/**
 * @param rgba [H * W * 4], as a canvas gives it
 * @returns [H * W * C]
 */
export function bytesOfPicture(rgba: ArrayLike<number>, { channels, invert }: PictureOptions): Uint8Array {
  const pixels = rgba.length / 4
  const bytes = new Uint8Array(pixels * channels)
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = (channel: number) => rgba[pixel * 4 + channel] ?? 0
    for (let channel = 0; channel < channels; channel++) {
      const value =
        channels === 1 ? luma.reduce((sum, share, colour) => sum + share * at(colour), 0) : at(channel)
      bytes[pixel * channels + channel] = Math.round(invert ? 255 - value : value)
    }
  }
  return bytes
}

/** Whether the border of a picture is light: a thing on a light background. */
export function hasLightBorder(rgba: ArrayLike<number>, width: number): boolean {
  const bytes = bytesOfPicture(rgba, { channels: 1, invert: false })
  const height = bytes.length / width
  const border = bytes.filter((_, i) => {
    const [row, column] = [Math.floor(i / width), i % width]
    return row === 0 || column === 0 || row === height - 1 || column === width - 1
  })
  return border.reduce((sum, value) => sum + value, 0) / border.length > 127.5
}

/**
 * Paints a soft dot into a grey picture; what is light stays light.
 * @param centre row and column, with fractions
 */
export function paintDot(
  bytes: Uint8Array,
  width: number,
  centre: { readonly row: number; readonly column: number },
  radius = 1.3,
): Uint8Array {
  return bytes.map((value, i) => {
    const distance = Math.hypot(Math.floor(i / width) - centre.row, (i % width) - centre.column)
    // One pixel of the edge is grey.
    const shade = Math.min(1, Math.max(0, radius + 0.5 - distance))
    return Math.max(value, Math.round(255 * shade))
  })
}

/** What a canvas shows of bytes [H * W * C]: RGBA. */
export function rgbaOfBytes(bytes: Uint8Array, channels: number): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((bytes.length / channels) * 4)
  for (let pixel = 0; pixel < bytes.length / channels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      rgba[pixel * 4 + colour] = bytes[pixel * channels + (channels === 1 ? 0 : colour)] ?? 0
    }
    rgba[pixel * 4 + 3] = 255
  }
  return rgba
}
