import { win32 } from 'node:path'

export interface NpmCommand {
  readonly program: string
  /** What stands before npm's own arguments. */
  readonly args: readonly string[]
}

/**
 * How npm is started without a shell. On Windows `npm` is a batch file, which only a shell can start: there it is npm's
 * program, run by this Node. npm says where it is to what it starts itself (`npx`, `npm run`); else it lies beside Node.
 */
export function npmCommand(
  platform: string = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  node: string = process.execPath,
): NpmCommand {
  if (platform !== 'win32') return { program: 'npm', args: [] }
  const told = env.npm_execpath
  const isNpm = told !== undefined && win32.basename(told) === 'npm-cli.js'
  const beside = win32.join(win32.dirname(node), 'node_modules', 'npm', 'bin', 'npm-cli.js')
  return { program: node, args: [isNpm ? told : beside] }
}
