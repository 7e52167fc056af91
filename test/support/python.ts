import { spawnSync } from 'node:child_process'

/** Where CI has installed what tests need of PyPI; without it, whatever `python3` is. */
const python = process.env.MATE_BENCH_TEST_PYTHON ?? 'python3'

/**
 * Whether a Python with these modules is here. Elsewhere tests that need them are skipped; where `MATE_BENCH_TEST_PYTHON` names
 * one, they run and fail.
 */
export function hasPython(modules: readonly string[]): boolean {
  if (process.env.MATE_BENCH_TEST_PYTHON !== undefined) return true
  const look = 'import importlib.util, sys; sys.exit(None in map(importlib.util.find_spec, sys.argv[1:]))'
  return spawnSync(python, ['-c', look, ...modules]).status === 0
}

/**
 * Runs a script of `test/support`, and gives what it printed as lines.
 * @throws Error with what it said on stderr where it fails
 */
export function runPython(script: string, args: readonly string[]): string[] {
  const path = new URL(script, import.meta.url).pathname
  const { status, stdout, stderr, error } = spawnSync(python, [path, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${error?.message ?? stderr}`)
  return stdout.trim().split('\n')
}
