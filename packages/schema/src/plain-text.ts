import { z } from 'zod'
import { textFault } from './text.ts'

/**
 * One line of plain characters without angle brackets: what a machine calls itself may be shown in a terminal and on a page.
 */
export function plainLine(maximumLength: number) {
  return z
    .string()
    .max(maximumLength)
    .superRefine((text, context) => {
      const fault = textFault(text) ?? (/[<>]/.test(text) ? 'holds angle brackets' : undefined)
      if (fault !== undefined) context.addIssue({ code: 'custom', message: `The text ${fault}.` })
    })
}

const earliest = Date.UTC(2020, 0, 1)
const latest = Date.UTC(2100, 0, 1)

/** ISO 8601, in the years in which anybody can have used this: a clock that was never set shows. */
export const plausibleTime = z.iso.datetime().refine(
  (text) => {
    const time = Date.parse(text)
    return time >= earliest && time < latest
  },
  {
    error: 'Expected a time from 2020 to 2099',
    params: { hint: 'Set the clock of the machine, and run the spec again.' },
  },
)
