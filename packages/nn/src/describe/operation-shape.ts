import type { MapShape, Operation, Padding, Shape } from './network.ts'

/** A layer that its input is too small for; `describeNetwork` turns it into a sentence about the spec. */
export class MapTooSmallError extends Error {
  override readonly name = 'MapTooSmallError'
}

/** Output length along one axis of a window that slides over `length` pixels. */
export function windowCount(length: number, size: number, stride: number, padding: Padding): number {
  if (padding === 'same') return Math.ceil(length / stride)
  return Math.floor((length + 2 * padding - size) / stride) + 1
}

function windowed(map: MapShape, size: number, stride: number, padding: Padding, channels: number): MapShape {
  const [height, width] = map
  const out = [windowCount(height, size, stride, padding), windowCount(width, size, stride, padding)] as const
  const nothingToHalve = stride > 1 && Math.min(height, width) === 1
  if (Math.min(...out) < 1 || nothingToHalve) {
    throw new MapTooSmallError(
      `a ${size}x${size} window with stride ${stride} does not fit ${height}x${width}`,
    )
  }
  return [out[0], out[1], channels]
}

/** Narrows a shape to a feature map; a vector here is a defect of the description. */
export function mapShape(shape: Shape | undefined): MapShape {
  if (shape?.length !== 3) throw new TypeError(`expected a feature map, got [${shape?.join(', ')}]`)
  return shape
}

function vectorWidth(shape: Shape | undefined): number {
  if (shape?.length !== 1) throw new TypeError(`expected a vector, got [${shape?.join(', ')}]`)
  return shape[0]
}

function sameShapes(inputs: readonly Shape[]): Shape {
  const [first, ...rest] = inputs
  if (!first || rest.some((shape) => shape.join() !== first.join())) {
    throw new TypeError(`shapes differ: ${inputs.map((shape) => `[${shape.join(', ')}]`).join(' and ')}`)
  }
  return first
}

function concatenated(inputs: readonly Shape[]): MapShape {
  const maps = inputs.map(mapShape)
  const [height, width] = mapShape(sameShapes(maps.map(([h, w]): MapShape => [h, w, 0])))
  return [height, width, maps.reduce((sum, [, , channels]) => sum + channels, 0)]
}

function checkGroups({ groups, filters }: { groups: number; filters: number }, channels: number): void {
  if (channels % groups === 0 && filters % groups === 0) return
  throw new TypeError(`${groups} groups do not divide ${channels} channels and ${filters} filters`)
}

/**
 * Shape of what an operation gives for inputs of the given shapes.
 *
 * @throws MapTooSmallError where a window does not fit, or a map of one pixel would be strided over
 */
export function operationShape(operation: Operation, inputs: readonly Shape[]): Shape {
  const [input] = inputs
  switch (operation.kind) {
    case 'input':
      return mapShape(input)
    case 'conv':
    case 'grouped-conv': {
      const map = mapShape(input)
      const { kernel, stride, padding, filters } = operation
      if (operation.kind === 'grouped-conv') checkGroups(operation, map[2])
      return windowed(map, kernel, stride, padding, filters)
    }
    case 'depthwise-conv': {
      const map = mapShape(input)
      return windowed(map, operation.kernel, operation.stride, operation.padding, map[2])
    }
    case 'max-pool':
    case 'avg-pool': {
      const map = mapShape(input)
      return windowed(map, operation.size, operation.stride, operation.padding, map[2])
    }
    case 'linear':
      vectorWidth(input)
      return [operation.units]
    case 'global-avg-pool':
      return [mapShape(input)[2]]
    case 'upsample':
      return [operation.height, operation.width, mapShape(input)[2]]
    case 'flatten': {
      const [height, width, channels] = mapShape(input)
      return [height * width * channels]
    }
    case 'concat':
      return concatenated(inputs)
    case 'add':
    case 'multiply':
      return sameShapes(inputs)
    case 'batch-norm':
    case 'relu':
    case 'relu6':
    case 'sigmoid':
    case 'dropout':
      return sameShapes(inputs)
  }
}
