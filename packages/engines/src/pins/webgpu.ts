import type { NpmPin, PlatformName } from '../engine.ts'

/** Of the package `webgpu`: Dawn, the implementation of WebGPU in Chromium, for Node. */
export const dawnVersion = '0.6.2'

/** Folder of each platform's library in the package, and the bytes it takes. */
export const dawnLibraries: Readonly<
  Partial<Record<PlatformName, { readonly folder: string; readonly bytes: number }>>
> = {
  'linux-x64': { folder: 'linux-x64', bytes: 21.6e6 },
  'linux-arm64': { folder: 'linux-arm64', bytes: 19.7e6 },
  'darwin-x64': { folder: 'darwin-universal', bytes: 21.9e6 },
  'darwin-arm64': { folder: 'darwin-universal', bytes: 21.9e6 },
  'win32-x64': { folder: 'win32-x64', bytes: 34.3e6 },
  'win32-arm64': { folder: 'win32-arm64', bytes: 40.2e6 },
}

/** The package holds every platform's library, of which one is kept. Its install script, which only looks for them, is not run. */
export function dawn(folder: string): NpmPin {
  return {
    package: 'webgpu',
    version: dawnVersion,
    bytes: 51_264_151,
    integrity:
      'sha512-3L4GfmqJLvYUIEWJngEQY+2HQiUlAFkg8+P8NDDj3Xx5hHHIFO/r8JW+ynfqBj7kHN4mbnwO74uB+lrRtLhp4Q==',
    take: [
      { from: 'package/index.js', to: 'webgpu/index.js' },
      { from: 'package/package.json', to: 'webgpu/package.json' },
      { from: 'package/LICENSE.md', to: 'webgpu/LICENSE.md' },
      { from: `package/dist/${folder}/`, to: `webgpu/dist/${folder}/` },
    ],
  }
}

/** tfjs' kernels in WGSL: the bundle for Node, whose one dependency is the project's own tfjs-core, of the same version. */
export const tfjsWebgpu: NpmPin = {
  package: '@tensorflow/tfjs-backend-webgpu',
  version: '4.22.0',
  bytes: 2_979_748,
  integrity:
    'sha512-lvIc7Af4Tl2BCdYp43iQmSCRq3asaKT0q2xaErphXiUZ+jqeB0bQa0ZvQys1Xatvto0U4/c90DVsHPfvkn5ftg==',
  take: [
    { from: 'package/dist/tf-backend-webgpu.node.js', to: 'tfjs-backend-webgpu/tf-backend-webgpu.node.js' },
    { from: 'package/package.json', to: 'tfjs-backend-webgpu/package.json' },
  ],
}
