import type { PlatformName, Take, WheelPin } from '../engine.ts'

export const tensorflowVersion = '2.18.1'

/** The headers that tfjs-node's addon includes, directly or not. */
export const tensorflowHeaders: readonly Take[] = [
  'tensorflow/c/',
  'tensorflow/core/platform/ctstring',
  'tsl/platform/ctstring',
  'xla/tsl/c/',
].map((path) => ({ from: `tensorflow/include/${path}`, to: `build/include/${path}` }))

export const linuxLibraries: readonly Take[] = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map(
  (file) => ({ from: `tensorflow/${file}`, to: `lib/${file}` }),
)

const macLibraries: readonly Take[] = ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'].map(
  (file) => ({ from: `tensorflow/${file}`, to: `lib/${file}` }),
)

/** Any Python version would do: its number is in the file's name alone, the libraries are the same. */
export const tensorflowWheels: Readonly<Partial<Record<PlatformName, WheelPin>>> = {
  'linux-x64': {
    package: 'tensorflow-cpu',
    version: tensorflowVersion,
    file: 'tensorflow_cpu-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    bytes: 230_236_181,
    sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
    take: [...linuxLibraries, ...tensorflowHeaders],
  },
  'linux-arm64': {
    package: 'tensorflow',
    version: tensorflowVersion,
    file: 'tensorflow-2.18.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl',
    bytes: 231_937_898,
    sha256: '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944',
    take: [...linuxLibraries, ...tensorflowHeaders],
  },
  'darwin-arm64': {
    package: 'tensorflow',
    version: tensorflowVersion,
    file: 'tensorflow-2.18.1-cp311-cp311-macosx_12_0_arm64.whl',
    bytes: 239_549_037,
    sha256: '661029cd769b311db910b79a3a6ef50a5a61ecc947172228c777a49989722508',
    take: [...macLibraries, ...tensorflowHeaders],
  },
}
