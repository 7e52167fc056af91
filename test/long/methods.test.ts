import { describeMethods } from '../support/describe-methods.ts'

describeMethods('wasm')
