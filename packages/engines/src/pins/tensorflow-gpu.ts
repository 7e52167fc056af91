import type { Take, WheelPin } from '../engine.ts'
import { linuxLibraries, tensorflowHeaders, tensorflowVersion } from './tensorflow.ts'

/**
 * A wheel of NVIDIA's, whose libraries all go into one folder: there each finds the others through its RUNPATH `$ORIGIN`,
 * and TensorFlow finds them through its own.
 */
function nvidia(
  {
    folder,
    ...pin
  }: Omit<WheelPin, 'package' | 'file' | 'take'> & {
    /** Of the package and of the folder in it, such as `cuda_runtime`. */
    readonly folder: string
  },
  ...libraries: readonly string[]
): WheelPin {
  const name = `nvidia_${folder}_cu12`
  return {
    ...pin,
    package: name.replaceAll('_', '-'),
    file: `${name}-${pin.version}-py3-none-manylinux2014_x86_64.whl`,
    take: libraries.map((file): Take => ({ from: `nvidia/${folder}/lib/${file}`, to: `lib/${file}` })),
  }
}

/**
 * TensorFlow for GPUs and those libraries of CUDA 12.5 and cuDNN 9.3 that it opens, in the versions that it was built for
 * (its own metadata, extra `and-cuda`). What no step needs is left where it is: cuPTI (profiling), cuRAND and NCCL (linked
 * in or unused), nvcc (XLA), and the parts of CUDA for several GPUs, for BLAS and FFTW programs.
 */
export const tensorflowGpuWheels: readonly WheelPin[] = [
  {
    package: 'tensorflow',
    version: tensorflowVersion,
    file: 'tensorflow-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    bytes: 615_510_377,
    sha256: 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828',
    take: [...linuxLibraries, ...tensorflowHeaders],
  },
  nvidia(
    {
      folder: 'cuda_runtime',
      version: '12.5.82',
      bytes: 895_707,
      sha256: '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
    },
    'libcudart.so.12',
  ),
  nvidia(
    {
      folder: 'cublas',
      version: '12.5.3.2',
      bytes: 363_313_169,
      sha256: 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
    },
    'libcublas.so.12',
    'libcublasLt.so.12',
  ),
  nvidia(
    {
      folder: 'cufft',
      version: '11.2.3.61',
      bytes: 192_524_114,
      sha256: '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
    },
    'libcufft.so.11',
  ),
  nvidia(
    {
      folder: 'cusolver',
      version: '11.6.3.83',
      bytes: 130_341_232,
      sha256: '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
    },
    'libcusolver.so.11',
  ),
  nvidia(
    {
      folder: 'cusparse',
      version: '12.5.1.3',
      bytes: 217_558_979,
      sha256: '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
    },
    'libcusparse.so.12',
  ),
  // Linked by cuSOLVER and cuSPARSE.
  nvidia(
    {
      folder: 'nvjitlink',
      version: '12.5.82',
      bytes: 21_298_879,
      sha256: 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
    },
    'libnvJitLink.so.12',
  ),
  // cuDNN opens its own parts by name when it first needs them: all are taken.
  nvidia(
    {
      folder: 'cudnn',
      version: '9.3.0.75',
      bytes: 577_163_502,
      sha256: '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
    },
    'libcudnn',
  ),
  // Opened by cuDNN for engines that it compiles when they are first used.
  nvidia(
    {
      folder: 'cuda_nvrtc',
      version: '12.5.82',
      bytes: 24_873_108,
      sha256: '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
    },
    'libnvrtc',
  ),
]

/** What TensorFlow opens by name before it uses a GPU: where one cannot be loaded it only warns, and uses none. */
export const openedByTensorflow = [
  'libcudart.so.12',
  'libcublas.so.12',
  'libcublasLt.so.12',
  'libcufft.so.11',
  'libcusolver.so.11',
  'libcusparse.so.12',
  'libcudnn.so.9',
] as const

/** What cuDNN opens by name, when a network first needs it. */
export const openedByCudnn = [
  'libcudnn_graph.so.9',
  'libcudnn_ops.so.9',
  'libcudnn_cnn.so.9',
  'libcudnn_adv.so.9',
  'libcudnn_heuristic.so.9',
  'libcudnn_engines_precompiled.so.9',
  'libcudnn_engines_runtime_compiled.so.9',
  'libnvrtc.so.12',
] as const
