import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Instruction sets between which float32 results of a native library differ, narrowest first; x86-64 only. */
export const isaNames = ['sse41', 'avx', 'avx2', 'avx512_core'] as const

export type IsaName = (typeof isaNames)[number]

/** CPU features that each needs, in Linux' spelling. */
const features: Readonly<Record<IsaName, readonly string[]>> = {
  sse41: ['sse4_1'],
  avx: ['avx'],
  avx2: ['avx2', 'fma'],
  avx512_core: ['avx512f', 'avx512bw', 'avx512dq', 'avx512vl'],
}

/** The widest instruction set of this machine; undefined where it is no x86-64 or does not say. */
export function widestIsa(flags: ReadonlySet<string> = cpuFlags()): IsaName | undefined {
  return isaNames.findLast((name) => features[name].every((feature) => flags.has(feature)))
}

/** The narrower of what is asked for and what the machine has. */
export function effectiveIsa(
  asked: IsaName | undefined,
  widest: IsaName | undefined = widestIsa(),
): IsaName | undefined {
  if (asked === undefined || widest === undefined) return widest
  return isaNames[Math.min(isaNames.indexOf(asked), isaNames.indexOf(widest))]
}

function cpuFlags(): Set<string> {
  try {
    if (process.platform === 'linux') {
      const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))
      return new Set(line?.[1]?.trim().split(/\s+/))
    }
    if (process.platform === 'darwin') {
      const text = execFileSync('sysctl', ['-n', 'machdep.cpu.features', 'machdep.cpu.leaf7_features'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const spelled = text.toLowerCase().replaceAll('sse4.1', 'sse4_1').replaceAll('avx1.0', 'avx')
      return new Set(spelled.trim().split(/\s+/))
    }
  } catch {
    // Then it is not known.
  }
  return new Set()
}
