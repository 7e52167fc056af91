/** Counts what `work` sends to a GPU by WebGPU; undefined for other backends. */
export async function countDispatches(work: () => Promise<void>): Promise<number | undefined> {
  const pass = Reflect.get(globalThis, 'GPUComputePassEncoder') as
    | { readonly prototype: { dispatchWorkgroups: (...counts: number[]) => void } }
    | undefined
  if (pass === undefined) return undefined
  const original = pass.prototype.dispatchWorkgroups
  let count = 0
  pass.prototype.dispatchWorkgroups = function (...counts) {
    count++
    original.apply(this, counts)
  }
  try {
    await work()
  } finally {
    pass.prototype.dispatchWorkgroups = original
  }
  return count
}
