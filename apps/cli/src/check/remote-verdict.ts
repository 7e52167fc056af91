import { z } from 'zod'
import type { Painter } from '../format/paint.ts'
import { printable } from '../format/printable.ts'

/** What the commands read of a verdict. */
export const remoteVerdictSchema = z.looseObject({
  id: z.string(),
  check: z.string(),
  verdict: z.string(),
  effect: z.string(),
  summary: z.string(),
  cause: z.string().nullable(),
  checker: z.string(),
  worker: z.string().nullable(),
  place: z.looseObject({ backend: z.string(), cpu: z.string() }),
  submissionId: z.string().nullable(),
  createdAt: z.string(),
  ruling: z.looseObject({ ruling: z.string(), by: z.string(), note: z.string() }).nullable(),
})

export type RemoteVerdict = z.output<typeof remoteVerdictSchema>

const colours: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  raises: 'green',
  none: 'yellow',
  disputes: 'red',
}

/** A verdict in two or three lines. */
export function verdictLine(verdict: RemoteVerdict, paint: Painter): string {
  const { id, check, effect, summary, cause, checker, worker, place, createdAt, ruling } = verdict
  const by = worker === null ? `sent by ${checker}` : `asked for by ${checker}, made by ${worker}`
  const head = `${check}: ${paint(colours[effect] ?? 'yellow', verdict.verdict)}; ${printable(summary)}`
  return [
    `${paint('bold', id)}  ${head}`,
    `  ${printable(`${by}, ${createdAt.slice(0, 16).replace('T', ' ')} UTC, ${place.backend} on ${place.cpu}`)}`,
    ...(cause === null ? [] : [`  most likely cause: ${printable(cause)}`]),
    ...(ruling === null ? [] : [`  ${ruling.ruling} by ${printable(`${ruling.by}: ${ruling.note}`)}`]),
  ].join('\n')
}
