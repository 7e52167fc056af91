import { execFileSync } from 'node:child_process'
import { BenchError } from '@mate-bench/schema'

/** The C++ compiler: what CXX names, else the first of the usual ones that answers. */
export function findCompiler(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const candidates = env.CXX ? [env.CXX] : ['c++', 'g++', 'clang++']
  for (const candidate of candidates) {
    try {
      execFileSync(candidate, ['--version'], { stdio: 'ignore' })
      return candidate
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
