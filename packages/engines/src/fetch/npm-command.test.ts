import { expect, it } from 'vitest'
import { npmCommand } from './npm-command.ts'

const node = 'C:\\Program Files\\nodejs\\node.exe'

it('starts no batch file on Windows', () => {
  const beside = 'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js'
  expect(npmCommand('win32', {}, node)).toEqual({ program: node, args: [beside] })
  const told = 'C:\\Users\\me\\npm\\bin\\npm-cli.js'
  expect(npmCommand('win32', { npm_execpath: told }, node)).toEqual({ program: node, args: [told] })
  // Another package manager's.
  expect(npmCommand('win32', { npm_execpath: 'C:\\pnpm\\pnpm.cjs' }, node).args).toEqual([beside])
})

it('finds npm by the path elsewhere', () => {
  expect(npmCommand('linux', { npm_execpath: '/x/npm-cli.js' }, '/usr/bin/node')).toEqual({
    program: 'npm',
    args: [],
  })
})
