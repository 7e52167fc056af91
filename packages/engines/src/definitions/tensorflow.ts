import { findCompiler } from '../build/compiler.ts'
import { assembleTensorflow } from '../build/tensorflow-addon.ts'
import type { EngineBuild, EngineDefinition, PlatformName } from '../engine.ts'
import { googleProtobuf, tfjsNode } from '../pins/npm.ts'
import { tensorflowVersion, tensorflowWheels } from '../pins/tensorflow.ts'

/** TensorFlow's own library for the CPU, out of the wheel that Google publishes, under tfjs-node. */
export const tensorflow: EngineDefinition = {
  name: 'tensorflow',
  backend: 'tensorflow',
  version: tensorflowVersion,
  summary: 'TensorFlow on the CPU, under @tensorflow/tfjs-node',
  platforms: Object.fromEntries(
    Object.entries(tensorflowWheels).map(([platform, wheel]): [PlatformName, EngineBuild] => [
      platform as PlatformName,
      { wheels: [wheel], npm: [tfjsNode, googleProtobuf], unpackedBytes: 800e6 },
    ]),
  ),
  libraries: { libtensorflow: tensorflowVersion, [tfjsNode.package]: tfjsNode.version },
  recipeVersion: 1,
  require: () => void findCompiler(),
  assemble: assembleTensorflow,
}
