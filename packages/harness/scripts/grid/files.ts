import type { Cell } from './cells.ts'

/** Specs of the grid that were there before it: their descriptions say more, what they train is the same. */
export const writtenByHand: ReadonlySet<string> = new Set([
  ...['joint', 'byot', 'phuong-lampert', 'dks', 'eed', 'mate', 'alone1', 'alone2', 'alone3', 'alone4'].map(
    (method) => `cifar100/resnet18-${method}.json`,
  ),
  ...['vgg16', 'wrn16-4', 'resnext29-8x64d', 'densenet-bc-100-12', 'msdnet7'].flatMap((network) =>
    ['joint', 'mate'].map((method) => `cifar100/${network}-${method}.json`),
  ),
  ...[
    'tiny-imagenet/resnet18-64',
    'cub-200-2011/resnet18',
    'stanford-dogs/resnet18',
    'fgvc-aircraft/resnet18',
  ].flatMap((network) => ['joint', 'mate'].map((method) => `${network}-${method}.json`)),
])

/** The one way a spec of the grid is written: as the formatter of the repository leaves it, short lists on one line. */
export function formatCell({ document }: Cell): string {
  const text = JSON.stringify(document, null, 2)
  const compact = text.replace(
    /\[\n\s+((?:"[^"]*"|[\d.]+)(?:,\n\s+(?:"[^"]*"|[\d.]+))*)\n\s+\]/g,
    (_, items: string) => `[${items.replace(/,\n\s+/g, ', ')}]`,
  )
  return `${compact}\n`
}
