import { useEffect, useRef } from 'react'
import { rgbaOfBytes } from '../../view/picture-bytes.ts'

interface PixelPictureProps {
  /** [H * W * C] */
  readonly bytes: Uint8Array
  readonly imageShape: readonly [number, number, number]
  readonly className?: string
  /** What it shows; decoration where left out. */
  readonly label?: string
}

/** An image pixel by pixel, as large as its class makes it. */
export function PixelPicture({ bytes, imageShape, className = '', label }: PixelPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [height, width, channels] = imageShape
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    context?.putImageData(new ImageData(rgbaOfBytes(bytes, channels), width, height), 0, 0)
  }, [bytes, channels, width, height])
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      className={`[image-rendering:pixelated] ${className}`}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  )
}
