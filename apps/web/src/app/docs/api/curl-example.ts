import type { Endpoint } from './reference.ts'

/** What stands for the ids in the examples. */
export interface ExampleIds {
  readonly entry: string
  readonly run: string
  readonly spec: string
  readonly track: string
  readonly artifact: string
}

export const placeholderIds: ExampleIds = {
  entry: 'entry_ID',
  run: 'run_ID',
  spec: 'sha256:DIGEST',
  track: 'sha256:DIGEST',
  artifact: 'DIGEST',
}

/** By the first part of a path behind the version. */
function pathValue(path: string, ids: ExampleIds): string {
  const resource = path.split('/')[3]
  const values: Readonly<Record<string, string>> = {
    entries: ids.entry,
    badges: `${ids.entry}.svg`,
    runs: ids.run,
    artifacts: ids.artifact,
    tracks: ids.track,
    specs: ids.spec,
    methods: 'mate',
    datasets: 'fashion-mnist-mini',
    submissions: 'sub_ID',
  }
  return values[resource ?? ''] ?? 'ID'
}

/** A command that can be pasted: reads work as they are, writes need `MATE_BENCH_TOKEN`. */
export function curlExample(endpoint: Endpoint, origin: string, ids: ExampleIds): string {
  const { method, path, parameters, body, needsToken, answers } = endpoint
  const filled = path.replaceAll(/\{\w+\}/g, () => pathValue(path, ids))
  const query = parameters.some(({ name }) => name === 'limit') ? '?limit=5' : ''
  // A bare question mark is a pattern to some shells.
  const url = query === '' ? `${origin}${filled}` : `'${origin}${filled}${query}'`
  const json = answers.some(({ mediaTypes }) => mediaTypes.includes('application/json'))
  const options = [
    method === 'GET' ? undefined : `-X ${method}`,
    needsToken ? '-H "authorization: Bearer $MATE_BENCH_TOKEN"' : undefined,
    body ? `-H "content-type: ${body.mediaType}"` : undefined,
    parameters.some(({ name }) => name === 'idempotency-key') ? '-H "idempotency-key: my-spec-1"' : undefined,
    body ? '--data @spec.json' : undefined,
    json ? undefined : '-OJ',
  ].filter((option) => option !== undefined)
  return [`curl -sS ${url}`, ...options].join(options.length > 1 ? ' \\\n  ' : ' ')
}
