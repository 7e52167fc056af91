import type { BenchError, ErrorCode } from '@mate-bench/schema'

/** Refused before any work began: the user can mend it. */
const badInput: readonly ErrorCode[] = [
  'bad-spec',
  'bad-input',
  'not-found',
  'data-missing',
  'backend-unavailable',
  'conflict',
]

/** 2 for what the user gave, 130 for an interruption (128 + SIGINT, as shells have it), 1 for any failure. */
export function exitCodeOf({ code }: Pick<BenchError, 'code'>): 1 | 2 | 130 {
  if (code === 'interrupted') return 130
  return badInput.includes(code) ? 2 : 1
}
