/** One kind of machine that a job can be placed on: it has a GPU and the four vCPUs and 14 GB that a job asks for. */
interface Machine {
  readonly vcpus: number
  readonly gpus: number
}

/** By name: the families have sizes with eight GPUs too, of which a job uses one. The image has code for all of these GPUs. */
const machines: Readonly<Record<string, Machine>> = {
  'g6.xlarge': { vcpus: 4, gpus: 1 },
  'g5.xlarge': { vcpus: 4, gpus: 1 },
  'g6e.xlarge': { vcpus: 4, gpus: 1 },
  'g4dn.xlarge': { vcpus: 4, gpus: 1 },
  'p5.4xlarge': { vcpus: 16, gpus: 1 },
  // Eight jobs share one.
  'p4d.24xlarge': { vcpus: 96, gpus: 8 },
}

/** L4, A10G and L40S. AWS Batch takes the one whose vCPUs cost least first: a T4 would be taken before all of them. */
const byDefault = ['g6.xlarge', 'g5.xlarge', 'g6e.xlarge']

/**
 * The machines that the queue starts: those that `MATE_BENCH_INSTANCE_TYPES` names, separated by commas, or the default.
 * @throws Error for one that is unknown
 */
export function instanceTypes(named: string | undefined = process.env.MATE_BENCH_INSTANCE_TYPES): string[] {
  if (!named) return byDefault
  const wanted = named.split(',').map((name) => name.trim())
  const unknown = wanted.filter((name) => !(name in machines))
  if (unknown.length === 0) return wanted
  throw new Error(
    `MATE_BENCH_INSTANCE_TYPES names ${unknown.join(', ')}; there are ${Object.keys(machines).join(', ')}.`,
  )
}

/** vCPUs of a compute environment with room for so many jobs, whichever of the machines it starts. */
export function maximumVcpus(types: readonly string[], jobs: number): number {
  const needed = types.map((name) => {
    const { vcpus, gpus } = machines[name] ?? { vcpus: 0, gpus: 1 }
    return Math.ceil(jobs / gpus) * vcpus
  })
  return Math.max(...needed)
}
