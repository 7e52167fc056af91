import { findCompiler } from '../build/compiler.ts'
import { assembleTensorflow } from '../build/tensorflow-addon.ts'
import type { EngineDefinition } from '../engine.ts'
import { googleProtobuf, tfjsNodeGpu } from '../pins/npm.ts'
import { tensorflowVersion } from '../pins/tensorflow.ts'
import { tensorflowGpuWheels } from '../pins/tensorflow-gpu.ts'

/** TensorFlow's library for NVIDIA GPUs with the CUDA and cuDNN that it was built for; of the machine it needs the driver alone. */
export const tensorflowGpu: EngineDefinition = {
  name: 'tensorflow-gpu',
  backend: 'tensorflow-gpu',
  version: tensorflowVersion,
  summary: 'TensorFlow on an NVIDIA GPU, with its CUDA 12.5 and cuDNN 9.3',
  platforms: {
    'linux-x64': {
      wheels: tensorflowGpuWheels,
      npm: [tfjsNodeGpu, googleProtobuf],
      unpackedBytes: 3520e6,
    },
  },
  libraries: {
    libtensorflow: tensorflowVersion,
    [tfjsNodeGpu.package]: tfjsNodeGpu.version,
    ...Object.fromEntries(
      tensorflowGpuWheels
        .filter((wheel) => wheel.package.startsWith('nvidia-'))
        .map((wheel) => [wheel.package, wheel.version]),
    ),
  },
  recipeVersion: 1,
  require: () => void findCompiler(),
  assemble: assembleTensorflow,
}
