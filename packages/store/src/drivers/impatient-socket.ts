import { Socket } from 'node:net'

/**
 * A TCP connection that breaks once nothing has passed for so long. A peer that vanishes without a word (power, a
 * cable, a firewall that forgets) would otherwise be waited for until the kernel gives up, a quarter of an hour later.
 */
export function impatientSocket(silenceMilliseconds: number): Socket {
  const socket = new Socket()
  return socket.setTimeout(silenceMilliseconds, () => {
    const message = `nothing was heard for ${Math.round(silenceMilliseconds / 1000)} seconds`
    socket.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }))
  })
}
