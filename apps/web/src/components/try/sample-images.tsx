import { useState } from 'react'
import type { Samples } from './network-messages.ts'
import { PixelPicture } from './pixel-picture.tsx'

interface SampleImagesProps {
  readonly samples: Samples
  readonly classes: readonly string[]
  readonly imageShape: readonly [number, number, number]
  /** Position among the samples, of the one that is shown to the network. */
  readonly chosen: number | undefined
  onChoose(position: number): void
}

/** So many at a time: a screenful on a phone. */
const shown = 24

/** Test images to choose from. */
export function SampleImages({ samples, classes, imageShape, chosen, onChoose }: SampleImagesProps) {
  const [first, setFirst] = useState(0)
  const count = samples.labels.length
  const size = imageShape[0] * imageShape[1] * imageShape[2]
  const positions = Array.from({ length: shown }, (_, i) => (first + i) % count)
  return (
    <div>
      <ul className="grid grid-cols-6 gap-1.5 sm:grid-cols-8" aria-label="Test images">
        {positions.map((position) => (
          <li key={position}>
            <button
              type="button"
              aria-pressed={position === chosen}
              aria-label={`Test image ${position + 1}, ${classes[samples.labels[position] ?? 0]}`}
              onClick={() => onChoose(position)}
              className="block w-full overflow-clip rounded-md border-2 border-line hover:border-soft aria-pressed:border-accent"
            >
              <PixelPicture
                bytes={samples.images.subarray(position * size, (position + 1) * size)}
                imageShape={imageShape}
                className="block w-full"
              />
            </button>
          </li>
        ))}
      </ul>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <button type="button" className="button" onClick={() => setFirst((first + shown) % count)}>
          Other images
        </button>
        <span className="text-[0.88rem] text-soft">
          {first + 1} to {Math.min(first + shown, count)} of {count} test images. MIT licence, Zalando SE.
        </span>
      </div>
    </div>
  )
}
