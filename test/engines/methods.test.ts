import { type BackendName, backendIdentity } from '@mate-bench/backends'
import { describe } from 'vitest'
import { describeMethods } from '../support/describe-methods.ts'

const backends: readonly BackendName[] = ['native', 'tensorflow']

// `runs.test.ts` says which of them must be here.
describe.each(backends)('%s', (backend) => {
  describe.skipIf(backendIdentity(backend) === undefined)('where it is installed', () =>
    describeMethods(backend),
  )
})
