import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startProgram } from '../support/start-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { tinySpec } from '../support/tiny-spec.ts'

it('trains on when its terminal is closed under nohup, and still stops when it is told to', async () => {
  const folder = temporaryFolder()
  const { training } = tinySpec()
  const path = join(folder, 'long.json')
  writeFileSync(path, JSON.stringify(tinySpec({ seeds: [1], training: { ...training, epochs: 1000 } })))
  // As the shell says it of what it starts.
  const environment = { _: '/usr/bin/nohup' }
  const args = ['run', path, '--out', join(folder, 'runs'), '--backend', 'wasm', '--workers', '1']
  const program = startProgram(args, environment)
  try {
    await program.says(/epoch 1,/)
    program.child.kill('SIGHUP')
    await program.says(/epoch 3,/)
    program.child.kill('SIGTERM')
    expect(await program.ended, program.output()).toBe(130)
    expect(program.output()).toMatch(/Stopped (after|in) epoch/)
  } finally {
    program.child.kill('SIGKILL')
    await program.ended
  }
})
