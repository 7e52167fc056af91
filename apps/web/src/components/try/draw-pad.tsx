import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { paintDot } from '../../view/picture-bytes.ts'
import { PixelPicture } from './pixel-picture.tsx'

interface DrawPadProps {
  readonly imageShape: readonly [number, number, number]
  /** Told after each stroke. */
  onDraw(bytes: Uint8Array): void
}

const arrows: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** A black square to draw in with white, by pointer or by keyboard. */
export function DrawPad({ imageShape, onDraw }: DrawPadProps) {
  const [height, width] = imageShape
  const blank = (): Uint8Array => new Uint8Array(height * width)
  const [bytes, setBytes] = useState(blank)
  const latest = useRef(bytes)
  const [pen, setPen] = useState({ row: height / 2, column: width / 2, down: false, seen: false })

  const paint = (row: number, column: number) => {
    latest.current = paintDot(latest.current, width, { row, column })
    setBytes(latest.current)
  }
  const under = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return {
      row: ((event.clientY - box.top) / box.height) * height - 0.5,
      column: ((event.clientX - box.left) / box.width) * width - 0.5,
    }
  }
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId)
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const { row, column } = under(event)
    paint(row, column)
  }
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    const move = arrows[event.key]
    if (event.key === ' ') {
      event.preventDefault()
      if (pen.down) onDraw(latest.current)
      else paint(pen.row, pen.column)
      setPen({ ...pen, down: !pen.down, seen: true })
    }
    if (move === undefined) return
    event.preventDefault()
    const row = Math.min(height - 1, Math.max(0, pen.row + move[0]))
    const column = Math.min(width - 1, Math.max(0, pen.column + move[1]))
    setPen({ ...pen, row, column, seen: true })
    if (pen.down) paint(row, column)
  }
  return (
    <div className="flex flex-wrap items-start gap-4">
      <div
        role="application"
        aria-label="Drawing area. Arrow keys move the pen, space lowers and lifts it."
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn in by keyboard too
        tabIndex={0}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onPointerUp={() => onDraw(latest.current)}
        onKeyDown={onKey}
        className="relative w-60 cursor-crosshair touch-none overflow-clip rounded-md border border-strong-line"
      >
        <PixelPicture bytes={bytes} imageShape={imageShape} className="block w-full" />
        {pen.seen ? (
          <span
            aria-hidden="true"
            className="absolute size-3 -translate-1/2 rounded-full border-2 border-[#ff8a3d]"
            style={{
              top: `${((pen.row + 0.5) / height) * 100}%`,
              left: `${((pen.column + 0.5) / width) * 100}%`,
              background: pen.down ? '#ff8a3d' : 'transparent',
            }}
          />
        ) : null}
      </div>
      <div className="max-w-[34ch] space-y-2 text-[0.9rem] text-soft">
        <p>
          Draw one piece of clothing, large, in white. By keyboard: arrow keys move the pen, space lowers and
          lifts it.
        </p>
        <button
          type="button"
          className="button text-ink"
          onClick={() => {
            latest.current = blank()
            setBytes(latest.current)
            onDraw(latest.current)
          }}
        >
          Clear
        </button>
      </div>
    </div>
  )
}
