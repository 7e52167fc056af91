import { userInfo } from 'node:os'

/** How the operator of a deployment stands in the history of a submission. */
export function operatorName(): string {
  return `operator ${userInfo().username}`
}
