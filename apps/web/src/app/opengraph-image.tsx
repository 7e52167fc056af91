import { ImageResponse } from 'next/og'
import { OgFrame, ogColours } from './og-frame.tsx'
import { ogSize } from './og-size.ts'

export const alt = 'MATE Bench: multi-exit image classifiers, accuracy against compute for every exit'
export const size = ogSize
export const contentType = 'image/png'

/** The site as a link shows it. */
export default function OpenGraphImage() {
  return new ImageResponse(
    <OgFrame>
      <div style={{ display: 'flex', flexDirection: 'column', marginTop: 'auto' }}>
        <div style={{ fontSize: 68, lineHeight: 1.15, letterSpacing: '-0.02em' }}>
          Multi-exit image classifiers: accuracy against compute, for every exit
        </div>
        <div style={{ marginTop: 28, fontSize: 32, color: ogColours.soft }}>
          Exact MACs. Seeds and intervals. Every number can be recomputed.
        </div>
      </div>
    </OgFrame>,
    size,
  )
}
