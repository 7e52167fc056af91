const most = 400
const drawings = new Map<string, string>()

/**
 * Keeps what charts look like by what they are drawn from: drawing one takes tens of milliseconds, and most visits
 * ask for the same few.
 *
 * @param key everything that the drawing depends on, as text
 */
export function keepDrawing(key: string, draw: () => string): string {
  const found = drawings.get(key)
  drawings.delete(key)
  const svg = found ?? draw()
  drawings.set(key, svg)
  const [oldest] = drawings.keys()
  if (drawings.size > most && oldest !== undefined) drawings.delete(oldest)
  return svg
}
