import type { PlatformName, Take, WheelPin } from '../engine.ts'

export const oneDnnVersion = '3.2.0'

/** Intel numbers the wheels by the release of oneAPI that the library was part of. */
const wheelVersion = '2023.2.0'

const licences: readonly string[] = ['LICENSE', 'THIRD-PARTY-PROGRAMS']

/** The library under the name that it is loaded by, and what it asks to be passed on with it. */
function take(wheel: string, library: string, as: string, prefix = ''): readonly Take[] {
  const data = `${wheel}-${wheelVersion}.data/data/${prefix}`
  return [
    { from: `${data}${library}`, to: `lib/${as}` },
    ...licences.map((file) => ({ from: `${data}share/doc/onednn/${file}`, to: `licences/onednn/${file}` })),
  ]
}

/**
 * The last builds of oneDNN for the CPU alone, by what they start threads with: GNU's, Microsoft's and Intel's OpenMP, of which
 * the first two belong to the system. Later wheels (`onednn`, 2024 and on) need SYCL's runtime and more beside them.
 */
export const oneDnnWheels: Readonly<Partial<Record<PlatformName, readonly WheelPin[]>>> = {
  'linux-x64': [
    {
      package: 'onednn-cpu-gomp',
      version: wheelVersion,
      file: 'onednn_cpu_gomp-2023.2.0-py2.py3-none-manylinux1_x86_64.whl',
      bytes: 38_888_991,
      sha256: '2f22a54d6a890ed14bfa185d42a4be65d8b5b1df85dc1f0f3a9abe31620416fb',
      take: take('onednn_cpu_gomp', 'lib/libdnnl.so.3.2', 'libdnnl.so.3'),
    },
  ],
  'win32-x64': [
    {
      package: 'onednn-cpu-vcomp',
      version: wheelVersion,
      file: 'onednn_cpu_vcomp-2023.2.0-py2.py3-none-win_amd64.whl',
      bytes: 7_455_946,
      sha256: 'a6316b7287aa308ba30282bbe1550e30281020671f2c66e5c863cb91e0cf2b05',
      take: take('onednn_cpu_vcomp', 'bin/dnnl.dll', 'dnnl.dll', 'Library/'),
    },
  ],
  'darwin-x64': [
    {
      package: 'onednn-cpu-iomp',
      version: wheelVersion,
      file: 'onednn_cpu_iomp-2023.2.0-py2.py3-none-macosx_10_15_x86_64.macosx_11_0_x86_64.whl',
      bytes: 106_378_846,
      sha256: '5bdeb528bde0c0ee7c265944ace6903ba37295f31b03d8169568b78a76ea1120',
      take: take('onednn_cpu_iomp', 'lib/libdnnl.3.2.dylib', 'libdnnl.3.dylib'),
    },
    {
      package: 'intel-openmp',
      version: wheelVersion,
      file: 'intel_openmp-2023.2.0-py2.py3-none-macosx_10_15_x86_64.macosx_11_0_x86_64.whl',
      bytes: 758_330,
      sha256: 'b937d37b3ce736be29c9740ff7396a88ce09438b484a81b4542ea066eb3021dd',
      take: [
        {
          from: 'intel_openmp-2023.2.0.data/data/lib/libiomp5.dylib',
          to: 'lib/libiomp5.dylib',
        },
        {
          from: 'intel_openmp-2023.2.0.dist-info/LICENSE.txt',
          to: 'licences/intel-openmp/LICENSE.txt',
        },
      ],
    },
  ],
}
