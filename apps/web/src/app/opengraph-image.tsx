import { ImageResponse } from 'next/og'
import { OgFrame, ogColours } from './og-frame.tsx'
import { ogSize } from './og-size.ts'

export const alt = 'MATE Bench: which training method makes early exits better?'
export const size = ogSize
export const contentType = 'image/png'

/** The site as a link shows it. */
export default function OpenGraphImage() {
  return new ImageResponse(
    <OgFrame>
      <div style={{ display: 'flex', flexDirection: 'column', marginTop: 'auto' }}>
        <div style={{ fontSize: 68, lineHeight: 1.15, letterSpacing: '-0.02em' }}>
          Which training method makes early exits better?
        </div>
        <div style={{ marginTop: 28, fontSize: 32, color: ogColours.soft }}>
          Accuracy and MACs at every exit, with intervals. Every run can be repeated.
        </div>
      </div>
    </OgFrame>,
    size,
  )
}
