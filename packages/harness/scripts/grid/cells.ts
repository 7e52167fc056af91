import { type GridDataset, type GridNetwork, gridDatasets, gridMethods } from './settings.ts'
import { teachingCells } from './teaching.ts'

/** A spec of the grid: its file below bench-specs/, and what stands in it. */
export interface Cell {
  readonly file: string
  readonly document: Readonly<Record<string, unknown>>
}

export const evaluation = { checkpoint: { name: 'last' }, protocols: ['anytime', 'budgeted'] }
export const seeds = [1, 2, 3]

/** Each method on each network, and each network cut off at each of its exits, trained alone. */
function gridCells(): Cell[] {
  return gridDatasets.flatMap((dataset) =>
    dataset.networks.flatMap((network) => [
      ...gridMethods.map((method) =>
        cellOf(dataset, network, {
          suffix: method.name,
          description: `${method.title} on ${network.title}, ${dataset.title}, with ${network.recipe.text}. Same network, head and schedule as the other methods on it, so that they differ in their loss alone.`,
          model: network.model,
          method: { name: method.name },
        }),
      ),
      ...aloneCells(dataset, network),
    ]),
  )
}

function aloneCells(dataset: GridDataset, network: GridNetwork): Cell[] {
  // Of pictures the whole grid of depths would cost more than it tells: the shallow network's is enough.
  if (dataset.folder !== 'cifar100' && !network.file.startsWith('resnet18')) return []
  return network.model.exits.map(({ after }, i) =>
    cellOf(dataset, network, {
      suffix: `alone${i + 1}`,
      description: `The reference of exit ${i + 1}: the network up to ${after} of ${network.title}, with the head that exit ${i + 1} has in the other specs of this network, trained alone, ${dataset.title}, with ${network.recipe.text}.`,
      model: { ...network.model, exits: [{ after }] },
      method: { name: 'joint' },
    }),
  )
}

function cellOf(
  { folder, prefix, dataset, held }: GridDataset,
  { file, recipe }: GridNetwork,
  own: { suffix: string; description: string; model: object; method: object },
): Cell {
  const name = folder === 'tiny-imagenet' ? file.replace(/-64$/, '') : file
  return {
    file: `${folder}/${file}-${own.suffix}.json`,
    document: {
      $schema: '../spec.schema.json',
      schemaVersion: 1,
      name: `${prefix}-${name}-${own.suffix}`,
      description: `${own.description} ${held}; the last epoch is judged.`,
      dataset,
      model: own.model,
      method: own.method,
      training: recipe.training,
      evaluation,
      seeds,
    },
  }
}

/** Every spec of the grid and of its teachers. */
export function allCells(): Cell[] {
  return [...gridCells(), ...teachingCells()]
}
