import type { Stepper } from './stepper.ts'

/** Of all measured steps, in milliseconds. */
export interface Timing {
  readonly name: string
  /** Least time of the processor: what the step takes when nothing disturbs the caches. */
  readonly cpu: number
  readonly medianCpu: number
  readonly wall: number
}

/**
 * Times steppers in turn, a few steps each, so that whatever else the machine does meets all alike.
 *
 * @param rounds how often each gets its turn, after one that only warms up
 * @param stepsPerTurn how many steps a turn has
 */
export async function timeInTurn(
  steppers: readonly Stepper[],
  { rounds, stepsPerTurn }: { readonly rounds: number; readonly stepsPerTurn: number },
): Promise<Timing[]> {
  const times = new Map(steppers.map((stepper) => [stepper, { cpu: [] as number[], wall: [] as number[] }]))
  for (let round = 0; round <= rounds; round++) {
    for (const stepper of steppers) {
      const { cpu, wall } = await stepper.step(round === 0 ? 2 : stepsPerTurn)
      if (round === 0) continue
      times.get(stepper)?.cpu.push(...cpu)
      times.get(stepper)?.wall.push(...wall)
    }
  }
  return steppers.map((stepper) => {
    const { cpu = [], wall = [] } = times.get(stepper) ?? {}
    const sorted = [...cpu].sort((a, b) => a - b)
    return {
      name: stepper.name,
      cpu: sorted[0] ?? Number.NaN,
      medianCpu: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
      wall: Math.min(...wall),
    }
  })
}

/** A line per stepper, with its ratio to the last one. */
export function formatTimings(timings: readonly Timing[]): string {
  const last = timings.at(-1)
  const cells = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(14))).join('')
  return [
    cells(['', 'CPU ms/step', 'median', 'wall ms/step', `x ${last?.name.split(' ')[0]}`]),
    ...timings.map(({ name, cpu, medianCpu, wall }) =>
      cells([
        name,
        cpu.toFixed(1),
        medianCpu.toFixed(1),
        wall.toFixed(1),
        (cpu / (last?.cpu ?? Number.NaN)).toFixed(2),
      ]),
    ),
  ].join('\n')
}
