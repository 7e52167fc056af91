import { problemResponse } from './problem-response.ts'

/** To who signs with another key than their token's, or not at all. */
export function boundElsewhere(): Response {
  return problemResponse({
    code: 'forbidden',
    detail: 'The token is bound to another key than this is signed with.',
    hint: 'Sign with the key of its first request, or ask for another token.',
  })
}
