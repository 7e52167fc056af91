import { describeResume } from '../support/describe-resume.ts'

describeResume('wasm')
