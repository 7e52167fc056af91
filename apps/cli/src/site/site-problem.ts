import { BenchError } from '@mate-bench/schema'
import { z } from 'zod'

const problemSchema = z.looseObject({
  title: z.string(),
  code: z.string().optional(),
  detail: z.string().optional(),
  hint: z.string().optional(),
  problems: z
    .array(z.object({ path: z.string(), message: z.string(), hint: z.string().optional() }))
    .optional(),
})

/** A site that does not answer. `afterwards` says what else to look at before asking once more. */
export function unreachable(site: URL, thrown: unknown, afterwards = ''): BenchError {
  return new BenchError({
    code: 'offline',
    message: `${site.host} does not answer.`,
    path: site.href,
    hint: `Check the address and that the site runs.${afterwards}`,
    cause: thrown,
  })
}

/** The site's problem details, as an error of ours. */
export function refusal(status: number, text: string): BenchError {
  const parsed = problemSchema.safeParse(fromJson(text))
  if (!parsed.success) {
    // What stands before a site answers so while the site itself restarts.
    const isAway = status >= 500
    return new BenchError({
      code: isAway ? 'offline' : 'bad-input',
      message: `The site answered ${status} without saying why.`,
      hint: isAway
        ? 'Try again in a minute; if it stays so, check that --url is a MATE Bench site.'
        : 'Check that --url is a MATE Bench site.',
    })
  }
  const { title, detail, hint, problems } = parsed.data
  const code =
    status === 404 ? 'not-found' : status === 409 ? 'conflict' : status >= 500 ? 'offline' : 'bad-input'
  return new BenchError({
    code: parsed.data.code === 'bad-spec' ? 'bad-spec' : code,
    message: detail === undefined ? `${title}.` : `${title}: ${detail}`,
    // The site speaks to programs of headers.
    hint: status === 401 ? 'Whoever runs the site makes a token with `mate-bench token create`.' : hint,
    problems,
  })
}

/** What came is not what a MATE Bench site says. */
export function notOurSite(site: URL, thrown: unknown): BenchError {
  return new BenchError({
    code: 'bad-input',
    message: `${site.host} does not answer as a MATE Bench site does.`,
    path: site.href,
    hint: 'Check that --url is a MATE Bench site, of a version like this one.',
    cause: thrown,
  })
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
