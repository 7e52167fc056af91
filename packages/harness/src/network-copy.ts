import type { MethodNeeds } from '@mate-bench/methods'
import type { Model } from '@mate-bench/nn'

/** Whether a method's frozen copy has been taken when so many epochs are done. */
export function hasCopy({ copy }: MethodNeeds, epochsDone: number): boolean {
  return copy !== undefined && Array.from({ length: epochsDone }, (_, e) => e + 1).some(copy.isTaken)
}

/** Gives one model the parameters and statistics of another of the same network. */
export function copyParameters(from: Model, to: Model): void {
  for (const [name, variable] of to.variables) {
    const value = from.variables.get(name)
    if (!value) throw new RangeError(`no parameter is called ${name}`)
    variable.assign(value)
  }
}
