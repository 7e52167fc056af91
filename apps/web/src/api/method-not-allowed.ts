import { problemResponse } from './problem-response.ts'

interface Route {
  readonly method: string
  readonly path: string
}

/** 405 with the methods that the address knows; undefined where nothing is at the address. */
export function methodNotAllowed(
  routes: readonly Route[],
  method: string,
  path: string,
): Response | undefined {
  const known = new Set(
    routes
      .filter((route) => route.method !== 'ALL' && matches(route.path, path))
      .map((route) => route.method),
  )
  if (known.size === 0) return undefined
  if (known.has('GET')) known.add('HEAD')
  const allow = [...known].sort().join(', ')
  return problemResponse({
    code: 'method-not-allowed',
    detail: `${method} is not for this address; ${allow} ${known.size === 1 ? 'is' : 'are'}.`,
    headers: { allow },
  })
}

/** `/runs/:id` against `/runs/run_1`. */
function matches(pattern: string, path: string): boolean {
  const expected = pattern.split('/')
  const found = path.split('/')
  return (
    expected.length === found.length &&
    expected.every((part, i) => (part.startsWith(':') ? found[i] !== '' : part === found[i]))
  )
}
