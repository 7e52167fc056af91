import type { Plan } from '@mate-bench/harness/plan'

/** Multiply-accumulates of all runs of a spec: training, the validation split each epoch, both splits at the end. */
export function totalMacs({ spec, trainingMacsPerRun, forwardMacs, splits }: Plan): number {
  const judged = splits.validation * (spec.training.epochs + 1) + splits.test
  return spec.seeds.length * (trainingMacsPerRun + forwardMacs * judged)
}
