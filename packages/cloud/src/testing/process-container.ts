import { type ChildProcess, spawn } from 'node:child_process'
import type { StartContainer } from './container.ts'

/** Runs each container's command as a process of this machine, in a folder with the code. */
export function processContainers(cwd: string): StartContainer {
  return ({ command: [program = '', ...args], environment }) => {
    const child = spawn(program, args, {
      cwd,
      env: {
        NODE_ENV: 'production',
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what ends a container ends all processes in it.
      detached: true,
    })
    return { process: child, notify: () => child.kill('SIGTERM'), kill: () => killGroup(child) }
  }
}

/** Ends a process that was started `detached`, with all that it started. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (thrown) {
    // Nothing is left of it.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown
  }
}
