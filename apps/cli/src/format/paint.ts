import { styleText } from 'node:util'

export type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold'
/** Colours a text, or leaves it as it is. */
export type Painter = (style: Style, text: string) => string

interface Stream {
  readonly isTTY?: boolean | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** Colours on a terminal that wants them: NO_COLOR (no-color.org) and TERM=dumb turn them off, FORCE_COLOR on. */
export function wantsColour(stream: Stream, env: Environment = process.env): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0'
  return stream.isTTY === true && env.TERM !== 'dumb'
}

export function createPainter(stream: Stream, env: Environment = process.env): Painter {
  return wantsColour(stream, env) ? (style, text) => styleText(style, text) : (_, text) => text
}
