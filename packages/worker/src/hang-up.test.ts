import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { outlivesTerminal } from './hang-up.ts'

describe('outlivesTerminal', () => {
  it('knows nohup by what the shell says that it started', () => {
    expect(outlivesTerminal({ _: '/usr/bin/nohup' }, 0)).toBe(true)
    expect(outlivesTerminal({ _: '/usr/bin/node' }, 0)).toBe(false)
    expect(outlivesTerminal({}, 0)).toBe(false)
  })

  it.runIf(process.platform === 'linux')('sees that the shell above ignores a hang-up', async () => {
    const started = async (script: string) => {
      const shell = spawn('sh', ['-c', `${script} echo ready; read line`], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      await once(shell.stdout, 'data')
      const found = outlivesTerminal({}, shell.pid)
      shell.stdin.end()
      await once(shell, 'close')
      return found
    }
    expect(await started("trap '' HUP;")).toBe(true)
    expect(await started('')).toBe(false)
  })
})
