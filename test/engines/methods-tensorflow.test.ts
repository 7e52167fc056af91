import { backendIdentity } from '@mate-bench/backends'
import { describe } from 'vitest'
import { describeMethods } from '../support/describe-methods.ts'

// `runs.test.ts` says whether it must be here. The long tests hold wasm to plain JavaScript.
describe.skipIf(backendIdentity('tensorflow') === undefined)('where it is installed', () =>
  describeMethods('tensorflow', { reference: 'wasm', deaths: [5] }),
)
