import { Socket } from 'node:net'
import type { ClientBase } from 'pg'

/** More than a statement of ours ever takes; they wait for each other where runs of one track are published at once. */
export const defaultSilenceMilliseconds = 300_000

/**
 * Breaks the connection of a client once nothing has passed for so long while an answer is awaited. A peer that
 * vanishes without a word (power, a cable, a firewall that forgets) would otherwise be waited for until the kernel
 * gives up, a quarter of an hour later. A transaction that is busy with something else may leave its connection idle
 * as long as it likes.
 */
export function breakWhenSilent(client: ClientBase & Connected, silenceMilliseconds: number): void {
  const { stream } = client.connection
  if (!(stream instanceof Socket)) return
  // Starts again with every packet, also after it has run out.
  stream.setTimeout(silenceMilliseconds)
  stream.on('timeout', () => {
    if (awaitsNothing(client)) return
    const message = `nothing was heard for ${Math.round(silenceMilliseconds / 1000)} seconds`
    stream.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }))
  })
}

interface Connected {
  readonly connection: { readonly stream: unknown }
}

/** What node-postgres itself goes by when it sends the next question; its types leave it out. */
function awaitsNothing(client: object): boolean {
  return 'readyForQuery' in client && client.readyForQuery === true
}
