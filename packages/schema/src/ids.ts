/** What ids look like: one that does not is of nothing, and no database has to be asked. */
export const idPatterns = {
  run: /^run_[0-9a-f]{20}$/,
  entry: /^entry_[0-9a-f]{20}$/,
  submission: /^sub_[0-9a-f]{20}$/,
  verdict: /^verdict_[0-9a-f]{20}$/,
} as const
