import { describeDataset, splitCounts } from '@mate-bench/datasets/registry'
import { methodNeeds } from '@mate-bench/methods'
import type { Problem } from '@mate-bench/schema'
import { numbersIn } from '@mate-bench/schema/numbers'
import { maximumMemoryBytes, memoryBytes } from './image-memory.ts'
import type { Spec } from './spec.ts'

interface MemorySections {
  readonly dataset: Spec['dataset']
  readonly model: Spec['model']
  readonly method: Spec['method']
  readonly training: Spec['training']
}

/** A method may remember numbers of every training image, but not more than a checkpoint can hold. */
export function memoryProblems({ dataset, model, method, training }: MemorySections): Problem[] {
  const described = describeDataset(dataset)
  const { memory } = methodNeeds(method, {
    exits: model.exits.length,
    classes: described.classes.length,
    epochs: training.epochs,
  })
  if (!memory) return []
  const images = splitCounts(described, dataset).train
  const asked = memoryBytes(images, memory.numbersPerImage)
  if (asked <= maximumMemoryBytes) return []
  const { bytes } = numbersIn('plain')
  return [
    {
      path: 'method.name',
      message: `Method "${method.name}" would remember ${memory.numbersPerImage} numbers of each of ${images} images: ${bytes(asked)}, and at most ${bytes(maximumMemoryBytes)} are kept.`,
      hint: 'Use fewer exits, dataset.subset.perClass, or a method without a memory of images.',
    },
  ]
}
