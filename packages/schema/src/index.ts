export {
  BenchError,
  type BenchErrorOptions,
  benchErrorFromUnknown,
  type ErrorCode,
  errorCodes,
} from './errors.ts'
export { didYouMean } from './suggest.ts'
