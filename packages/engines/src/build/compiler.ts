import { execFileSync } from 'node:child_process'
import { BenchError } from '@mate-bench/schema'

/** The C++ compiler with its leading arguments: what CXX names, such as `ccache g++`, else the first of the usual ones. */
export function findCompiler(
  env: Readonly<Record<string, string | undefined>> = process.env,
): [string, ...string[]] {
  const candidates = env.CXX?.trim() ? [env.CXX.trim()] : ['c++', 'g++', 'clang++']
  for (const candidate of candidates) {
    const [program = candidate, ...leading] = candidate.split(/\s+/)
    try {
      execFileSync(program, [...leading, '--version'], { stdio: 'ignore' })
      return [program, ...leading]
    } catch {
      // The next one may be there.
    }
  }
  throw new BenchError({
    code: 'backend-unavailable',
    message: `No C++ compiler was found (${candidates.join(', ')}); the addon between Node and the library is compiled here.`,
    path: 'CXX',
    hint:
      process.platform === 'darwin'
        ? 'Run `xcode-select --install`, or name a compiler in CXX.'
        : 'Install one (`apt-get install g++`, `dnf install gcc-c++`), or name one in CXX.',
  })
}
