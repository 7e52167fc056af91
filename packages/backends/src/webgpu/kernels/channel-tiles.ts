import * as tf from '@tensorflow/tfjs-core'
import { workgroupSize } from '../program.ts'

/** Elements that a workgroup goes through, about. */
const elementsOfGroup = 8192

/** Groups of rows at most: each workgroup of the second pass reads the sums of all. */
const maximumChunks = 256

/**
 * How the workgroups of a pass over [M, C] share it: each has up to 256 channels and a chunk of rows, and its threads stand side by side,
 * a thread a channel, in `lanes` rows at a time. Neighbours read neighbouring values, and a thread keeps to one channel.
 */
export interface ChannelTiles {
  readonly rows: number
  readonly channels: number
  /** Channels of a workgroup. */
  readonly width: number
  readonly lanes: number
  readonly rowsOfChunk: number
  readonly chunks: number
  readonly workgroups: readonly [number, number]
}

export function channelTiles(shape: readonly number[]): ChannelTiles {
  const channels = shape.at(-1) ?? 1
  const rows = tf.util.sizeFromShape([...shape]) / channels
  const width = Math.min(channels, workgroupSize)
  const lanes = Math.floor(workgroupSize / width)
  const wanted = Math.min(maximumChunks, Math.ceil(rows / lanes), Math.ceil((rows * width) / elementsOfGroup))
  const rowsOfChunk = Math.ceil(rows / Math.max(1, wanted))
  const chunks = Math.ceil(rows / rowsOfChunk)
  const workgroups = [chunks, Math.ceil(channels / width)] as const
  return { rows, channels, width, lanes, rowsOfChunk, chunks, workgroups }
}

/** What tells two tilings apart, for the key of a program. */
export function tilesKey({ rows, channels, rowsOfChunk }: ChannelTiles): string {
  return `${rows}x${channels}by${rowsOfChunk}`
}

/**
 * WGSL of an entry in which each thread knows its channel `c`, its place `column` among those of its workgroup, its `lane`, whether it is
 * `inside`, and the rows from `first` to `end` of its chunk.
 */
export function tiledEntry(tiles: ChannelTiles, body: string): string {
  const { rows, channels, width, lanes, rowsOfChunk, chunks } = tiles
  return /* wgsl */ `
const ROWS = ${rows}u;
const CHANNELS = ${channels}u;
const WIDTH = ${width}u;
const LANES = ${lanes}u;
const CHUNKS = ${chunks}u;
var<workgroup> left: array<f32, ${workgroupSize}>;
var<workgroup> right: array<f32, ${workgroupSize}>;
@compute @workgroup_size(${workgroupSize})
fn main(@builtin(local_invocation_index) thread: u32, @builtin(workgroup_id) group: vec3<u32>) {
  let lane = thread / WIDTH;
  let column = thread % WIDTH;
  let c = group.y * WIDTH + column;
  let inside = lane < LANES && c < CHANNELS;
  let first = group.x * ${rowsOfChunk}u + lane;
  let end = min(ROWS, (group.x + 1u) * ${rowsOfChunk}u);
${body}
}`
}

/**
 * WGSL that adds up `a` and `b` of all lanes of a channel: what they have in common stands in lane 0 afterwards, always summed in
 * the same order.
 */
export function sumOverLanes(a: string, b: string): string {
  return /* wgsl */ `
  left[thread] = ${a};
  right[thread] = ${b};
  workgroupBarrier();
  if (lane == 0u) {
    for (var other = 1u; other < LANES; other++) {
      ${a} += left[other * WIDTH + column];
      ${b} += right[other * WIDTH + column];
    }
  }`
}

/** WGSL that gives lane 0 the sums of all chunks, which `parts` holds as [CHUNKS, 2, CHANNELS]. */
export function sumOverChunks(a: string, b: string): string {
  return /* wgsl */ `
  if (inside) {
    for (var chunk = lane; chunk < CHUNKS; chunk += LANES) {
      ${a} += parts[2u * chunk * CHANNELS + c];
      ${b} += parts[(2u * chunk + 1u) * CHANNELS + c];
    }
  }
${sumOverLanes(a, b)}`
}

/** WGSL by which lane 0 writes the sums of its chunk to `parts`. */
export function writeChunk(a: string, b: string): string {
  return /* wgsl */ `
    parts[2u * group.x * CHANNELS + c] = ${a};
    parts[(2u * group.x + 1u) * CHANNELS + c] = ${b};`
}
