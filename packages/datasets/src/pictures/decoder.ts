import { BenchError } from '@mate-bench/schema'
import type { Decoder } from '../dataset.ts'

/** A picture may have so many pixels: decoded it stands in memory as a whole. */
const maximumPixels = 64_000_000
/** The long side may be so many times the short one. */
const maximumAspect = 16

export interface Picture {
  readonly pixels: Uint8Array // [H, W, 3]
  readonly height: number
  readonly width: number
}

export interface Resizing {
  readonly shortSide: number
  /** Rows to cut off at the bottom before resizing. */
  readonly cropBottom: number
}

/** A picture whose header was read. */
export interface InspectedPicture {
  /** Pixels before resizing: what decoding it may take of memory. */
  readonly pixels: number
  /** @throws BenchError `bad-input` naming the file */
  decode(): Promise<Picture>
}

export interface PictureDecoder {
  readonly versions: Decoder
  /**
   * @param path names the file in errors
   * @throws BenchError `bad-input` for what is neither JPEG nor PNG, is damaged, or too large
   */
  inspect(bytes: Uint8Array, path: string, resizing: Resizing): Promise<InspectedPicture>
}

/**
 * Opens sharp. It decodes JPEG and PNG to 8-bit colour: grey becomes three equal channels, CMYK is converted, 16 bits
 * are scaled to 8, transparency is laid over white, the EXIF orientation is applied, colour profiles are passed over.
 * Resizing is bilinear with antialiasing (libvips' `linear` kernel), as Pillow's is, to a long side rounded down, as torchvision has it.
 *
 * @throws BenchError `not-found` where sharp is not installed
 */
export async function openDecoder(): Promise<PictureDecoder> {
  const { default: sharp } = await import('sharp').catch((cause: unknown) => {
    throw new BenchError({
      code: 'not-found',
      message: 'Pictures are decoded by sharp, which is not installed.',
      hint: 'Run `npm install` once more without --omit=optional. sharp.pixelplumbing.com/install says what a platform needs.',
      cause,
    })
  })
  sharp.cache(false)
  // A thread a picture; several pictures are decoded at once.
  sharp.concurrency(1)
  const { sharp: library, vips, mozjpeg, png } = sharp.versions
  const versions = {
    sharp: library ?? 'unknown',
    libvips: vips,
    mozjpeg: mozjpeg ?? 'of the system',
    libpng: png ?? 'of the system',
  }
  return {
    versions,
    async inspect(bytes, path, { shortSide, cropBottom }) {
      requireFormat(bytes, path)
      const open = () =>
        sharp(bytes, {
          failOn: 'error',
          ignoreIcc: true,
          autoOrient: true,
          limitInputPixels: maximumPixels,
        })
      const { autoOrient } = await open()
        .metadata()
        .catch((cause: unknown) => {
          throw damaged(path, cause)
        })
      const { width } = autoOrient
      const height = autoOrient.height - cropBottom
      const size = fit(height, width, shortSide)
      if (!size) throw refused(path, `it has ${width} x ${autoOrient.height} pixels`, sizeHint)
      return {
        pixels: width * autoOrient.height,
        async decode() {
          let image = open()
          if (cropBottom > 0) image = image.extract({ left: 0, top: 0, width, height })
          if (size.height !== height || size.width !== width) {
            image = image.resize({ ...size, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
          }
          const { data, info } = await image
            .flatten({ background: '#ffffff' })
            .toColourspace('srgb')
            .raw({ depth: 'uchar' })
            .toBuffer({ resolveWithObject: true })
            .catch((cause: unknown) => {
              throw damaged(path, cause)
            })
          if (info.channels !== 3 || info.height !== size.height || info.width !== size.width) {
            throw refused(path, `it decodes to ${info.width} x ${info.height} x ${info.channels}`, sizeHint)
          }
          return { pixels: new Uint8Array(data.buffer, data.byteOffset, data.length), ...size }
        },
      }
    },
  }
}

const sizeHint = `Crop or resize it, or take it out: a side needs at least a pixel, the long side at most ${maximumAspect} times the short one, ${maximumPixels / 1e6} megapixels in all.`

/** The size with the given short side, the long one rounded down; undefined where the picture is refused. */
function fit(
  height: number,
  width: number,
  shortSide: number,
): { height: number; width: number } | undefined {
  const [short, long] = [Math.min(height, width), Math.max(height, width)]
  if (short < 1 || long > short * maximumAspect || long * short > maximumPixels) return undefined
  const resized = Math.floor((shortSide * long) / short)
  return height <= width ? { height: shortSide, width: resized } : { height: resized, width: shortSide }
}

/** By the first bytes, whatever the name: one JPEG of Stanford Dogs is a PNG. */
function requireFormat(bytes: Uint8Array, path: string): void {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
  const isPng = [0x89, 0x50, 0x4e, 0x47].every((byte, i) => bytes[i] === byte)
  if (isJpeg || isPng) return
  throw refused(path, 'it is neither JPEG nor PNG', 'Convert it, or take it out.')
}

function damaged(path: string, cause: unknown): BenchError {
  const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  return refused(path, `it is damaged or cut short (${why})`, 'Get it again, or take it out.', cause)
}

function refused(path: string, why: string, hint: string, cause?: unknown): BenchError {
  return new BenchError({ code: 'bad-input', message: `${path} can't be used: ${why}.`, path, hint, cause })
}
