import { createServer } from 'node:net'
import { BenchError } from '@mate-bench/schema'

const largestPort = 65_535
const portsTried = 50
/** Where `localhost` leads: a browser asks the second first. */
const loopbacks = ['127.0.0.1', '::1']

/**
 * The wished port, else the next one that nobody listens on.
 *
 * @throws BenchError `conflict` when all that are tried are taken
 */
export async function freePort(wished: number): Promise<number> {
  const last = Math.min(wished + portsTried - 1, largestPort)
  for (let port = wished; port <= last; port++) if (await isFree(port)) return port
  throw new BenchError({
    code: 'conflict',
    message: wished === last ? `Port ${wished} is taken.` : `No port from ${wished} to ${last} is free.`,
    hint: 'Choose another with --port.',
  })
}

async function isFree(port: number): Promise<boolean> {
  for (const host of loopbacks) if (!(await canListen(port, host))) return false
  return true
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
      // A machine may do without IPv6.
      .once('error', (error: NodeJS.ErrnoException) => resolve(host === '::1' && error.code !== 'EADDRINUSE'))
      .listen(port, host, () => probe.close(() => resolve(true)))
  })
}
