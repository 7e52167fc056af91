import type { EngineBuild, EngineDefinition, PlatformName } from '../engine.ts'
import { oneDnnVersion, oneDnnWheels } from '../pins/onednn.ts'

const unpackedBytes: Readonly<Partial<Record<PlatformName, number>>> = {
  'linux-x64': 55e6,
  'win32-x64': 29e6,
  'darwin-x64': 172e6,
}

/** Intel's library of kernels for neural networks, for x86-64, as it was built: there is nothing to assemble. */
export const oneDnn: EngineDefinition = {
  name: 'onednn',
  backend: 'native',
  version: oneDnnVersion,
  summary: "oneDNN's kernels in the memory of the wasm backend",
  platforms: Object.fromEntries(
    Object.entries(oneDnnWheels).map(([platform, wheels]): [PlatformName, EngineBuild] => [
      platform as PlatformName,
      { wheels, npm: [], unpackedBytes: unpackedBytes[platform as PlatformName] ?? 0 },
    ]),
  ),
  libraries: { onednn: oneDnnVersion },
  recipeVersion: 1,
}
