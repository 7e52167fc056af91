import { useRef, useState } from 'react'
import { bytesOfPicture, hasLightBorder } from '../../view/picture-bytes.ts'
import { PixelPicture } from './pixel-picture.tsx'

interface UploadPictureProps {
  readonly imageShape: readonly [number, number, number]
  onPicture(bytes: Uint8Array): void
  /** Told where a file is no picture: what was there before is gone. */
  onNothing(): void
}

interface Uploaded {
  readonly rgba: Uint8ClampedArray
  readonly invert: boolean
}

/** A picture of the visitor's own: its middle square, scaled to what the network sees. It stays in the browser. */
export function UploadPicture({ imageShape, onPicture, onNothing }: UploadPictureProps) {
  const [height, width, channels] = imageShape
  const [uploaded, setUploaded] = useState<Uploaded>()
  const [failure, setFailure] = useState('')
  /** Counts files: of two that are read at once the later one is shown. */
  const files = useRef(0)
  const bytesOf = ({ rgba, invert }: Uploaded) => bytesOfPicture(rgba, { channels, invert })
  const show = (next: Uploaded) => {
    setUploaded(next)
    onPicture(bytesOf(next))
  }
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    const number = ++files.current
    setFailure('')
    try {
      const rgba = await scaledPixels(file, width, height)
      if (number !== files.current) return
      // The images of a grey dataset are light on black.
      show({ rgba, invert: channels === 1 && hasLightBorder(rgba, width) })
    } catch {
      if (number !== files.current) return
      setUploaded(undefined)
      onNothing()
      setFailure(
        'Your browser cannot read this file as a picture. Use a PNG or JPEG file of at most a few thousand pixels per side.',
      )
    }
  }
  return (
    <div className="flex flex-wrap items-start gap-4">
      <div className="space-y-2">
        <label className="block">
          <span className="block">Picture file</span>
          <input
            type="file"
            accept="image/*"
            className="field mt-1 py-1!"
            onChange={(event) => read(event.target.files?.[0])}
          />
        </label>
        {channels === 1 ? (
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              disabled={uploaded === undefined}
              checked={uploaded?.invert ?? false}
              onChange={(event) => uploaded && show({ ...uploaded, invert: event.target.checked })}
            />
            Light background: invert the picture
          </label>
        ) : null}
        <p role="alert" className="text-bad empty:hidden">
          {failure}
        </p>
        <p className="max-w-[40ch] text-[0.88rem] text-soft">
          The picture is cropped to its central square and scaled to {width} x {height}
          {channels === 1 ? ' grey' : ''} pixels. It stays in your browser.
        </p>
      </div>
      {uploaded ? (
        <PixelPicture
          bytes={bytesOf(uploaded)}
          imageShape={imageShape}
          label="What the network sees"
          className="w-40 rounded-md border border-strong-line"
        />
      ) : null}
    </div>
  )
}

/** Pixels of the middle square, scaled. */
async function scaledPixels(file: File, width: number, height: number): Promise<Uint8ClampedArray> {
  const picture = await createImageBitmap(file)
  try {
    const side = Math.min(picture.width, picture.height)
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width, height })
    const context = canvas.getContext('2d', { willReadFrequently: true })
    if (context === null) throw new Error('no canvas')
    context.imageSmoothingQuality = 'high'
    // What is transparent is white paper.
    context.fillStyle = '#fff'
    context.fillRect(0, 0, width, height)
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2]
    context.drawImage(picture, left, top, side, side, 0, 0, width, height)
    return context.getImageData(0, 0, width, height).data
  } finally {
    picture.close()
  }
}
