import { describeMethods } from '../support/describe-methods.ts'

describeMethods('wasm', { reference: 'cpu', deaths: [3, 5] })
