import { BenchError } from '@mate-bench/schema'
import { siteAddress } from '../site/site-address.ts'

/** Where a published run is to be asked for. */
export interface RunAddress {
  readonly site: URL
  readonly runId: string
}

const runId = /^run_[0-9a-f]{20}$/
const runPage = /^(.*?\/)(?:api\/v1\/)?runs\/(run_[0-9a-f]{20})(?:\/.*)?$/

/**
 * A run's page, any address below it or below the API's, or its id alone.
 *
 * @param site where a run is looked for that is named by its id
 * @throws BenchError `bad-input` for what names no run, or plain HTTP to another machine
 */
export function runAddress(text: string, site: string): RunAddress {
  const inTheClear = 'A manifest that came over plain HTTP from another machine could be anybody’s.'
  if (runId.test(text)) return { site: siteAddress(site, inTheClear), runId: text }
  const url = URL.canParse(text) ? new URL(text) : undefined
  const [, base, id] = runPage.exec(url?.pathname ?? '') ?? []
  if (url && base !== undefined && id !== undefined) {
    return { site: siteAddress(`${url.protocol}//${url.host}${base}`, inTheClear), runId: id }
  }
  throw new BenchError({
    code: 'bad-input',
    message: `${text} names no run.`,
    path: 'run',
    hint: url?.pathname.includes('/entries/')
      ? 'An entry has a run for each seed: give the address of one of them; the entry’s page lists them.'
      : 'Give the address of a run’s page, such as https://bench.example.org/runs/run_0123456789abcdef0123, or its id.',
  })
}
