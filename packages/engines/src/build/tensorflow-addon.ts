import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { BenchError } from '@mate-bench/schema'
import { include_dir as nodeApiHeaders } from 'node-api-headers'
import { findCompiler } from './compiler.ts'

const run = promisify(execFile)

/** Through which tfjs-node, whose copy is in the engine's folder, gets the project's own tfjs. */
export const tfjsSymbol = 'mate-bench.tfjs'

const sources = ['tfjs_backend.cc', 'tfjs_binding.cc']

/**
 * Compiles tfjs-node's addon against the unpacked libraries and headers, and takes away what only the compiler needed.
 * The addon speaks Node-API 8 and so fits every supported Node; it finds the libraries beside itself.
 *
 * @throws BenchError `backend-unavailable` with the compiler's first error
 */
export async function assembleTensorflow(folder: string, signal: AbortSignal): Promise<void> {
  const [compiler, ...leading] = findCompiler()
  const build = join(folder, 'build')
  const addon = join(folder, 'addon')
  await mkdir(addon, { recursive: true })
  const isMac = process.platform === 'darwin'
  const libraries = isMac
    ? ['-ltensorflow_cc.2', '-ltensorflow_framework.2', '-Wl,-rpath,@loader_path/../lib']
    : ['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN/../lib']
  const args = [
    ...leading,
    ...['-O2', '-fPIC', '-std=c++17', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
    ...(isMac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
    ...[build, join(build, 'include'), nodeApiHeaders].map((path) => `-I${path}`),
    ...sources.map((source) => join(build, 'binding', source)),
    ...['-o', join(addon, 'tfjs_binding.node'), `-L${join(folder, 'lib')}`, ...libraries],
  ]
  try {
    await run(compiler, args, { maxBuffer: 1 << 26, signal })
  } catch (thrown) {
    throw new BenchError({
      code: 'backend-unavailable',
      message: `${compiler} could not compile the addon: ${firstError(thrown)}`,
      path: build,
      hint: 'A compiler that knows C++17 is needed (GCC 9, Clang 9 or later). Name another one in CXX.',
      cause: thrown,
    })
  }
  await rm(build, { recursive: true })
  await shareTfjs(join(folder, 'tfjs-node', 'node_modules', '@tensorflow'))
}

/** tfjs-node asks for tfjs' union package: it gets the core that the project computes with, and nothing else is loaded. */
async function shareTfjs(scope: string): Promise<void> {
  for (const name of ['tfjs', 'tfjs-core']) {
    await mkdir(join(scope, name), { recursive: true })
    await writeFile(join(scope, name, 'package.json'), '{ "main": "index.js" }\n')
    await writeFile(
      join(scope, name, 'index.js'),
      `// The project's own tfjs, put there before this is loaded.\nmodule.exports = globalThis[Symbol.for('${tfjsSymbol}')]\n`,
    )
  }
}

function firstError(thrown: unknown): string {
  const said = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : String(thrown)
  return (
    said
      .split('\n')
      .find((line) => /error|cannot find/i.test(line))
      ?.trim() ?? said.trim().slice(0, 300)
  )
}
