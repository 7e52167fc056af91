import { chartFile } from '../chart-file.ts'
import type { ChartModel, ChartView } from '../model.ts'

/** Width of a downloaded picture in pixels; a PNG has twice as many. */
const width = 880
const density = 2

/** What is on the screen, as an SVG file. */
export function saveSvg(model: ChartModel, view: ChartView): void {
  save(new Blob([chartFile(model, { width, view })], { type: 'image/svg+xml' }), `${model.id}.svg`)
}

/** The same as pixels. */
export async function savePng(model: ChartModel, view: ChartView): Promise<void> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(chartFile(model, { width, view }))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = density * image.naturalWidth
  canvas.height = density * image.naturalHeight
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (blob) save(blob, `${model.id}.png`)
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
