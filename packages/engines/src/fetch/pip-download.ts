import { spawn } from 'node:child_process'
import type { WheelPin } from '../engine.ts'
import type { FetchOptions } from './fetch-wheel.ts'

const pythons = ['python3', 'python']

/** What pip is asked for, so that it brings this file for whatever machine the wheel is made for. */
export function pipArguments(pin: WheelPin): string[] {
  const [, python = '', abi = '', platforms = ''] = /-([^-]+)-([^-]+)-([^-]+)\.whl$/.exec(pin.file) ?? []
  // A wheel for any Python 3 needs some version to be named.
  const cpython = /^cp(\d)(\d+)$/.exec(python)
  return [
    ...['download', '--no-deps', '--only-binary=:all:'],
    ...['--python-version', cpython ? `${cpython[1]}.${cpython[2]}` : '3.11'],
    ...['--implementation', cpython ? 'cp' : 'py', '--abi', abi],
    ...platforms.split('.').flatMap((platform) => ['--platform', platform]),
    `${pin.package}==${pin.version}`,
  ]
}

/**
 * Lets pip download a wheel into `folder`. It knows what only it knows: credentials of a keyring, client certificates,
 * certificate authorities of its own.
 *
 * @returns undefined when pip said that all went well, else why not
 */
export async function pipDownload(
  pin: WheelPin,
  folder: string,
  { signal, env = process.env }: Pick<FetchOptions, 'signal' | 'env'>,
): Promise<string | undefined> {
  const quiet = ['--no-cache-dir', '--disable-pip-version-check', '--dest', folder]
  const args = ['-m', 'pip', ...pipArguments(pin), ...quiet]
  for (const program of pythons) {
    const outcome = await run(program, args, { signal, env: { ...process.env, ...env } })
    if (outcome !== 'absent') return outcome
  }
  return 'there is no pip here'
}

/** Only pip's last words are kept; its progress bar goes to the terminal, if there is one. */
function run(
  program: string,
  args: string[],
  options: { signal: AbortSignal; env: NodeJS.ProcessEnv },
): Promise<string | undefined | 'absent'> {
  return new Promise((resolve) => {
    const output = process.stderr.isTTY ? 'inherit' : 'ignore'
    const child = spawn(program, args, { stdio: ['ignore', output, 'pipe'], ...options })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
    })
    child.on('error', () => resolve('absent'))
    child.on('close', (code) => {
      if (code === 0) resolve(undefined)
      else if (/No module named pip/.test(said)) resolve('absent')
      else
        resolve(
          said
            .trim()
            .split('\n')
            .findLast((line) => /error/i.test(line)) ?? `pip ended with ${code}`,
        )
    })
  })
}
