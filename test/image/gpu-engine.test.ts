import { execFile as execFileOf, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { installedEngine } from '@mate-bench/engines'
import { openedByTensorflow } from '@mate-bench/engines/tensorflow-gpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'

// The image's engine for GPUs on a machine that has none: 2.1 GB to download, 5.7 GB on disk. Asked for by a variable.
const asked = process.env.MATE_BENCH_TEST_GPU_ENGINE
const execFile = promisify(execFileOf)
const program = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

describe.skipIf(!asked)('the GPU engine (MATE_BENCH_TEST_GPU_ENGINE=1)', () => {
  const folder = temporaryFolder()
  const env = { ...process.env, MATE_BENCH_ENGINES: join(folder, 'engines') }
  const node = (path: string, ...args: string[]) =>
    execFile(process.execPath, [program(path), ...args], { env })
  beforeAll(async () => {
    const { stdout } = await node('functions/trainer/bin/add-engine.js', 'gpu')
    process.stdout.write(stdout)
  })

  it('has every library that is opened by name, each with all that it is linked to', async () => {
    const { stdout } = await node('functions/trainer/bin/check-libraries.js', 'gpu')
    expect(stdout).toBe('tensorflow-gpu 2.18.1: its libraries load\n')
  })

  it.skipIf(existsSync('/dev/nvidiactl'))(
    'says that there is no GPU, and does not train on the CPU',
    async () => {
      const run = ['run', 'bench-specs/quickstart/joint.json', '--backend', 'tensorflow-gpu']
      await expect(
        node('apps/cli/bin/mate-bench.js', ...run, '--out', join(folder, 'runs')),
      ).rejects.toMatchObject({ stderr: expect.stringContaining('TensorFlow found no usable GPU') })
    },
  )

  it('opens the libraries that the image looks for, once a driver tells of a GPU', async () => {
    const driver = join(folder, 'driver')
    mkdirSync(driver)
    writeFileSync(join(driver, 'driver.c'), driverOfOneGpu)
    execFileSync('cc', ['-shared', '-fPIC', '-o', 'libcuda.so.1', 'driver.c'], { cwd: driver })
    const engine = installedEngine('tensorflow-gpu', env)?.folder ?? ''
    // It ends where the driver would have to compute: what was opened until then is told by the loader.
    const script = `
      const { createRequire } = require('node:module')
      Object.assign(globalThis, { [Symbol.for('mate-bench.tfjs')]: require('@tensorflow/tfjs-core') })
      const binding = createRequire('${engine}/tfjs-node/package.json')('../addon/tfjs_binding.node')
      new binding.TFJSBinding()`
    const loading = { ...env, LD_DEBUG: 'libs', LD_LIBRARY_PATH: driver }
    const { stderr } = await execFile(process.execPath, ['-e', script], {
      cwd: program(''),
      env: loading,
      maxBuffer: 1 << 26,
    }).catch((thrown: { stderr: string }) => thrown)
    const opened = [...stderr.matchAll(/find library=(lib(?:cu|nv)\S+)/g)].map(([, name]) => name)
    // nvJitLink is linked by cuSOLVER.
    expect(new Set(opened)).toEqual(new Set([...openedByTensorflow, 'libcuda.so.1', 'libnvJitLink.so.12']))
  })
})

/** As much of a driver as TensorFlow asks before it opens CUDA's libraries: one L4, on which nothing can be computed. */
const driverOfOneGpu = `
#include <stddef.h>
#include <string.h>
int cuInit(unsigned flags) { return 0; }
int cuDriverGetVersion(int *version) { *version = 12050; return 0; }
int cuDeviceGetCount(int *count) { *count = 1; return 0; }
int cuDeviceGet(int *device, int index) { *device = index; return 0; }
int cuDeviceGetName(char *name, int length, int device) { strncpy(name, "NVIDIA L4", length); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 24ul << 30; return 0; }
/* 75 and 76 are the compute capability, 8.9; 16 counts multiprocessors (CUdevice_attribute). */
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  *value = attribute == 75 ? 8 : attribute == 76 ? 9 : attribute == 16 ? 58 : 1;
  return 0;
}
int cuDeviceGetPCIBusId(char *id, int length, int device) { strncpy(id, "0000:00:1e.0", length); return 0; }
`
