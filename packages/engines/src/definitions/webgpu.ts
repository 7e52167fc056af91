import type { EngineBuild, EngineDefinition, PlatformName } from '../engine.ts'
import { dawn, dawnLibraries, dawnVersion, tfjsWebgpu } from '../pins/webgpu.ts'

/** tfjs' bundle and its source map. */
const bundleBytes = 2.2e6

/** WebGPU outside of a browser, on whatever GPU the system has a driver for; there is nothing to assemble. */
export const webgpu: EngineDefinition = {
  name: 'webgpu',
  backend: 'webgpu',
  version: dawnVersion,
  summary: 'WebGPU by Dawn: GPUs of Apple, AMD, Intel and NVIDIA, without CUDA',
  platforms: Object.fromEntries(
    Object.entries(dawnLibraries).map(([platform, { folder, bytes }]): [PlatformName, EngineBuild] => [
      platform as PlatformName,
      { wheels: [], npm: [dawn(folder), tfjsWebgpu], unpackedBytes: bytes + bundleBytes },
    ]),
  ),
  libraries: { webgpu: dawnVersion, [tfjsWebgpu.package]: tfjsWebgpu.version },
  recipeVersion: 1,
}
