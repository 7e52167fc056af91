import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BenchError } from '@mate-bench/schema'

/** Runs `constant-server.ts` in a process of its own, as the site is, for as long as `work` takes. */
export async function withConstantServer<T>(work: (server: URL) => Promise<T>): Promise<T> {
  const program = fileURLToPath(new URL('constant-server.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  try {
    if (!child.stdout) throw new BenchError({ code: 'internal', message: 'The server has no output.' })
    const [port] = await once(createInterface({ input: child.stdout }), 'line')
    return await work(new URL(`http://127.0.0.1:${port}`))
  } finally {
    child.disconnect()
    await once(child, 'exit')
  }
}
