import * as tf from '@tensorflow/tfjs-core'
import type { Heap } from '../heap.ts'
import { inputTableBytes, outputTableBytes, tileColumns, tileRows } from '../simd/winograd.ts'
import { input } from './kernel.ts'

type Info = tf.backend_util.Conv2DInfo

/** What the transformed inputs and products of the tiles that are worked on together may take up. */
const blockBytes = 2 ** 18

/** Tiles of 2 x 2 outputs in an image. */
function tilesOf({ outHeight, outWidth }: Info): number {
  return Math.ceil(outHeight / 2) * Math.ceil(outWidth / 2)
}

/**
 * Whether Winograd's algorithm computes this convolution, and faster: 3 x 3, stride 1, channels that fill the vectors, and
 * images of which the tiles at the border do not waste too much.
 */
function suits(info: Info): boolean {
  const plain =
    info.filterHeight === 3 &&
    info.filterWidth === 3 &&
    info.strideHeight === 1 &&
    info.strideWidth === 1 &&
    info.dilationHeight === 1 &&
    info.dilationWidth === 1
  const filled = info.inChannels >= 8 && info.inChannels % 4 === 0 && info.outChannels % tileColumns === 0
  return plain && filled && info.outHeight * info.outWidth >= 2.4 * tilesOf(info)
}

/** Conv2D: x [B, H, W, Cin], filter [kh, kw, Cin, Cout] -> [B, h, w, Cout]. What `suits` leaves out is computed by `plain`. */
export function convolution(heap: Heap, plain: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    const x = input(call.inputs, 'x')
    const filter = input(call.inputs, 'filter')
    const { strides, pad, dilations, dimRoundingMode } = call.attrs as unknown as tf.Conv2DAttrs
    const info = tf.backend_util.computeConv2DInfo(
      x.shape as [number, number, number, number],
      filter.shape as [number, number, number, number],
      strides,
      dilations,
      pad,
      dimRoundingMode,
    )
    return suits(info) ? winograd(heap, x, filter, info) : plain(call)
  }
}

function winograd(heap: Heap, x: tf.TensorInfo, filter: tf.TensorInfo, info: Info): tf.TensorInfo {
  const { batchSize, inChannels, outChannels } = info
  const y = heap.allocate(info.outShape)
  const tiles = tilesOf(info)
  const allTiles = batchSize * tiles
  const wanted = Math.floor(blockBytes / (64 * (inChannels + outChannels) * tileRows)) * tileRows
  const blockTiles = Math.min(Math.max(wanted, 2 * tileRows), Math.ceil(allTiles / tileRows) * tileRows)
  const filterBytes = 4 * inChannels * outChannels
  const inputBytes = 4 * blockTiles * inChannels
  const outputBytes = 4 * blockTiles * outChannels
  const tableBytes = (inputTableBytes + outputTableBytes) * tiles
  const scratchBytes =
    16 * (filterBytes + inputBytes + outputBytes) + tableBytes + 4 * (inChannels + outChannels)
  heap.withScratch(scratchBytes, (filters) => {
    const inputs = filters + 16 * filterBytes
    const products = inputs + 16 * inputBytes
    const inputTable = products + 16 * outputBytes
    const outputTable = inputTable + inputTableBytes * tiles
    const zeros = outputTable + outputTableBytes * tiles
    const dump = zeros + 4 * inChannels
    heap.float32(zeros, inChannels).fill(0)
    writeTables(info, heap.int32(inputTable, 16 * tiles), heap.int32(outputTable, 4 * tiles))
    heap.simd.transformFilter(heap.address(filter), inChannels, outChannels, filters, filterBytes)
    const imageBytes = {
      x: 4 * info.inHeight * info.inWidth * inChannels,
      y: 4 * info.outHeight * info.outWidth * outChannels,
    }
    for (let first = 0; first < allTiles; first += blockTiles) {
      const count = Math.min(blockTiles, allTiles - first)
      forEachImage(first, count, tiles, (image, tile, tileCount, row) => {
        heap.simd.transformInput(
          heap.address(x) + image * imageBytes.x,
          inputTable + inputTableBytes * tile,
          tileCount,
          inChannels,
          zeros,
          inputs + 4 * row * inChannels,
          inputBytes,
        )
      })
      heap.simd.multiplyTransformed(
        inputs,
        inputBytes,
        filters,
        filterBytes,
        products,
        outputBytes,
        Math.ceil(count / tileRows) * tileRows,
        inChannels,
        outChannels,
      )
      forEachImage(first, count, tiles, (image, tile, tileCount, row) => {
        heap.simd.transformOutput(
          products + 4 * row * outChannels,
          outputBytes,
          outputTable + outputTableBytes * tile,
          tileCount,
          outChannels,
          heap.address(y) + image * imageBytes.y,
          dump,
        )
      })
    }
  })
  return y
}

/** Cuts `count` tiles from `first` on, counted through all images, where an image ends. */
function forEachImage(
  first: number,
  count: number,
  tiles: number,
  body: (image: number, tile: number, tileCount: number, row: number) => void,
): void {
  for (let row = 0; row < count; ) {
    const image = Math.floor((first + row) / tiles)
    const tile = first + row - image * tiles
    const tileCount = Math.min(tiles - tile, count - row)
    body(image, tile, tileCount, row)
    row += tileCount
  }
}

/** Byte offsets in an image of the 4 x 4 inputs and 2 x 2 outputs of each tile; -1 outside of it. */
function writeTables(info: Info, inputs: Int32Array, outputs: Int32Array): void {
  let input = 0
  let output = 0
  const offset = (row: number, column: number, height: number, width: number, channels: number) =>
    row < 0 || column < 0 || row >= height || column >= width ? -1 : 4 * channels * (row * width + column)
  for (let y = 0; y < info.outHeight; y += 2) {
    for (let x = 0; x < info.outWidth; x += 2) {
      for (let i = 0; i < 16; i++) {
        const row = y - info.padInfo.top + (i >> 2)
        const column = x - info.padInfo.left + (i & 3)
        inputs[input++] = offset(row, column, info.inHeight, info.inWidth, info.inChannels)
      }
      for (let i = 0; i < 4; i++) {
        outputs[output++] = offset(y + (i >> 1), x + (i & 1), info.outHeight, info.outWidth, info.outChannels)
      }
    }
  }
}
