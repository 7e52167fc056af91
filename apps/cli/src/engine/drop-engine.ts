import { getEngine, removeEngine } from '@mate-bench/engines/install'

export async function dropEngine(name: string): Promise<void> {
  const removed = await removeEngine(getEngine(name))
  process.stdout.write(removed ? `${name} is removed.\n` : `${name} was not installed.\n`)
}
