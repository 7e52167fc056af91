import type { NpmPin } from '../engine.ts'

/** JavaScript and C++ sources of the addon, without the install script that would download a library. */
export const tfjsNode: NpmPin = {
  package: '@tensorflow/tfjs-node',
  version: '4.22.0',
  bytes: 228_166,
  integrity:
    'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==',
  take: [
    { from: 'package/dist/', to: 'tfjs-node/dist/' },
    { from: 'package/binding/', to: 'build/binding/' },
    { from: 'package/package.json', to: 'tfjs-node/package.json' },
  ],
}

/** The same sources under the name by which they ask for a GPU. */
export const tfjsNodeGpu: NpmPin = {
  ...tfjsNode,
  package: '@tensorflow/tfjs-node-gpu',
  bytes: 223_379,
  integrity:
    'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
}

/** tfjs-node loads it for its TensorBoard writer, as soon as it is itself loaded. */
export const googleProtobuf: NpmPin = {
  package: 'google-protobuf',
  version: '3.21.4',
  bytes: 68_046,
  integrity:
    'sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
  take: [
    { from: 'package/google-protobuf.js', to: 'tfjs-node/node_modules/google-protobuf/google-protobuf.js' },
    { from: 'package/package.json', to: 'tfjs-node/node_modules/google-protobuf/package.json' },
  ],
}
