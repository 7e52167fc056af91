/** What a token of the API may be used for; `admin` includes the others. */
export const scopes = ['submit', 'approve', 'admin'] as const
export type Scope = (typeof scopes)[number]
