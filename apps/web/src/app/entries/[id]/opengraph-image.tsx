import { numbersIn } from '@mate-bench/schema/numbers'
import { ImageResponse } from 'next/og'
import type { BoardEntry } from '../../../data/board-table.ts'
import { getEntryDetail } from '../../../data/entry-detail.ts'
import { createVersionCache } from '../../../data/version-cache.ts'
import { plural } from '../../../view/numbers.ts'
import { OgFrame, ogColours } from '../../og-frame.tsx'
import { ogSize } from '../../og-size.ts'

export const alt = 'Top-1 accuracy and sequential MACs of each exit of the entry'
export const size = ogSize
export const contentType = 'image/png'

/** More columns than these are too narrow to read. */
const mostColumns = 5

/** By entry, until a figure of it changes. */
const keepPicture = createVersionCache<ArrayBuffer>(100)

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

/** An entry as a link shows it: its exits side by side. An entry that is not there has the picture of nothing. */
export default async function EntryImage({ params }: Props) {
  const detail = await getEntryDetail((await params).id)
  if (!detail) return new Response('There is no such entry.\n', { status: 404 })
  const { name, method, backbone, seeds, exits, synthetic } = detail.entry
  const dataset = detail.runs[0]?.manifest.track.dataset ?? ''
  const facts = JSON.stringify([name, method, backbone, dataset, seeds, synthetic, exits])
  const png = await keepPicture(detail.entry.id, facts, () => draw(detail.entry, dataset))
  return new Response(png, {
    headers: { 'content-type': contentType, 'cache-control': 'public, max-age=300' },
  })
}

// The renderer's font has no narrow space, and for what a font lacks the renderer asks another site.
const { percentText, si } = numbersIn('plain')

/** The picture as PNG: most who ask for it are robots, and all get the same. */
async function draw(entry: BoardEntry, dataset: string): Promise<ArrayBuffer> {
  const { name, method, backbone, seeds, exits, synthetic } = entry
  const left = Math.max(0, exits.length - mostColumns)
  // The last exit is the headline: it is never among those left out.
  const shown = left === 0 ? exits : [...exits.slice(0, mostColumns - 1), ...exits.slice(-1)]
  const picture = new ImageResponse(
    <OgFrame>
      <div style={{ display: 'flex', flexDirection: 'column', marginTop: 44 }}>
        <div style={{ fontSize: name.length > 32 ? 48 : 64, letterSpacing: '-0.02em' }}>{name}</div>
        <div style={{ marginTop: 10, fontSize: 32, color: ogColours.soft }}>
          {`${method} on ${backbone}, ${dataset}, ${plural(seeds.length, 'seed')}${synthetic ? ', synthetic data' : ''}`}
        </div>
      </div>
      <div style={{ display: 'flex', gap: 28, marginTop: 'auto' }}>
        {shown.map(({ k, top1, sequentialMacs }) => (
          <div
            key={k}
            style={{
              display: 'flex',
              flexDirection: 'column',
              flex: 1,
              borderTop: `4px solid ${ogColours.accent}`,
              paddingTop: 14,
            }}
          >
            <div style={{ fontSize: 26, color: ogColours.soft }}>{`exit ${k}`}</div>
            <div style={{ fontSize: 50, letterSpacing: '-0.02em' }}>{percentText(top1.mean, 1)}</div>
            <div style={{ fontSize: 26, color: ogColours.soft }}>{`${si(sequentialMacs)} MACs`}</div>
          </div>
        ))}
      </div>
      {left > 0 ? (
        <div style={{ marginTop: 14, fontSize: 24, color: ogColours.soft }}>
          {`${plural(left, 'exit')} between not shown`}
        </div>
      ) : null}
    </OgFrame>,
    size,
  )
  return await picture.arrayBuffer()
}
