/** Networks, datasets and methods of the grid: what MATE's paper names, each with the settings of a published recipe. */

interface Recipe {
  readonly training: object
  /** For the description: whose it is and what it says. */
  readonly text: string
}

export interface GridNetwork {
  readonly file: string
  readonly title: string
  readonly model: {
    readonly backbone: object
    readonly exits: readonly { after: string }[]
    readonly head: object
  }
  readonly recipe: Recipe
}

export interface GridDataset {
  readonly folder: string
  /** What the names of its specs begin with. */
  readonly prefix: string
  readonly title: string
  readonly dataset: object
  readonly held: string
  readonly networks: readonly GridNetwork[]
}

export interface GridMethod {
  readonly name: string
  readonly title: string
}

const after = (stage: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ after: `${stage}${from + i}` }))

const sgd = (weightDecay: number, nesterov = false) => ({
  name: 'sgd',
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay,
  decayNormAndBias: true,
  ...(nesterov ? { nesterov } : {}),
})

const steps = (milestones: number[], gamma = 0.1) => ({ name: 'multi-step', milestones, gamma })

/** @param padding of the random crop */
function recipes(padding: number, placed: readonly object[] | undefined) {
  const plain = placed ?? [{ name: 'random-crop', padding }, { name: 'horizontal-flip' }]
  const mirrored = placed ?? [{ name: 'random-crop', padding, mode: 'reflect' }, { name: 'horizontal-flip' }]
  const seen = placed ? 'random resized crop and flip' : 'crop and flip'
  const seenMirrored = placed ? seen : 'crop of the mirrored image and flip'
  return {
    byot: {
      training: {
        epochs: 200,
        batchSize: 128,
        optimizer: sgd(0.0005),
        schedule: steps([75, 130, 180]),
        augmentation: plain,
      },
      text: `BYOT's schedule: 200 epochs, SGD 0.1/0.9/5e-4 on all parameters, batch 128, learning rate x0.1 at 75, 130, 180, ${seen}`,
    },
    loth: {
      training: {
        epochs: 200,
        batchSize: 128,
        optimizer: sgd(0.0005),
        schedule: steps([75, 130, 180]),
        augmentation: mirrored,
      },
      text: `LOTH's schedule: 200 epochs, SGD 0.1/0.9/5e-4 on all parameters, batch 128, learning rate x0.1 at 75, 130, 180, ${seenMirrored}`,
    },
    wide: {
      training: {
        epochs: 200,
        batchSize: 128,
        optimizer: sgd(0.0005, true),
        schedule: steps([60, 120, 160], 0.2),
        augmentation: mirrored,
      },
      text: `the wide residual networks' schedule: 200 epochs, SGD 0.1/0.9/5e-4 with Nesterov, batch 128, learning rate x0.2 at 60, 120, 160, ${seenMirrored}`,
    },
    resnext: {
      training: {
        epochs: 300,
        batchSize: 128,
        optimizer: sgd(0.0005, true),
        schedule: steps([150, 225]),
        augmentation: plain,
      },
      text: `ResNeXt's schedule: 300 epochs, SGD 0.1/0.9/5e-4 with Nesterov, batch 128, learning rate x0.1 at 150 and 225, ${seen}`,
    },
    densenet: {
      training: {
        epochs: 300,
        batchSize: 64,
        optimizer: sgd(0.0001, true),
        schedule: steps([150, 225]),
        augmentation: plain,
      },
      text: `DenseNet's schedule: 300 epochs, SGD 0.1/0.9/1e-4 with Nesterov, batch 64, learning rate x0.1 at 150 and 225, ${seen}`,
    },
    msdnet: {
      training: {
        epochs: 300,
        batchSize: 64,
        optimizer: sgd(0.0001),
        schedule: steps([150, 225]),
        augmentation: plain,
      },
      text: `the recipe of MSDNet-PyTorch: 300 epochs, SGD 0.1/0.9/1e-4 on all parameters, batch 64, learning rate x0.1 at 150 and 225, ${seen}`,
    },
    fine: {
      training: {
        epochs: 200,
        batchSize: 32,
        optimizer: sgd(0.0001),
        schedule: steps([100, 150]),
        augmentation: plain,
      },
      text: `the schedule that CS-KD (Yun et al., CVPR 2020) has for fine-grained data: 200 epochs, SGD 0.1/0.9/1e-4 on all parameters, batch 32, learning rate x0.1 at 100 and 150, ${seen}`,
    },
  }
}

/** Networks for images of 32 or 64 pixels. */
function smallNetworks(padding: number, resnet18: 'byot' | 'loth', file18: string): GridNetwork[] {
  const of = recipes(padding, undefined)
  const bottleneck = { name: 'bottleneck' }
  const wide = { name: 'bottleneck', factor: 4 }
  return [
    {
      file: file18,
      title: 'ResNet-18 with four exits',
      model: {
        backbone: { name: 'resnet', depth: 18, width: 64, stem: 'cifar' },
        exits: after('stage', 1, 4),
        head: bottleneck,
      },
      recipe: of[resnet18],
    },
    {
      file: 'vgg16',
      title: 'VGG-16 (batch norm, hidden layers of 512) with four exits, as LOTH places them',
      model: {
        backbone: { name: 'vgg', depth: 16, classifier: 'mlp' },
        exits: after('stage', 2, 5),
        head: bottleneck,
      },
      recipe: of.loth,
    },
    {
      file: 'wrn16-4',
      title: 'WRN-16-4 with three exits',
      model: {
        backbone: { name: 'wide-resnet', depth: 16, widen: 4 },
        exits: after('stage', 1, 3),
        head: bottleneck,
      },
      recipe: of.wide,
    },
    {
      file: 'resnext29-8x64d',
      title: 'ResNeXt-29 (8x64d) with three exits',
      model: {
        backbone: { name: 'resnext', depth: 29, cardinality: 8, baseWidth: 64 },
        exits: after('stage', 1, 3),
        head: wide,
      },
      recipe: of.resnext,
    },
    {
      file: 'densenet-bc-100-12',
      title: 'DenseNet-BC-100-12 with three exits',
      model: {
        backbone: { name: 'densenet', depth: 100, growthRate: 12 },
        exits: after('stage', 1, 3),
        head: wide,
      },
      recipe: of.densenet,
    },
    {
      file: 'msdnet7',
      title: 'MSDNet with seven exits',
      model: {
        backbone: {
          name: 'msdnet',
          nBlocks: 7,
          nChannels: 16,
          base: 4,
          step: 2,
          stepMode: 'even',
          growthRate: 16,
        },
        exits: after('block', 1, 7),
        head: { name: 'msdnet' },
      },
      recipe: of.msdnet,
    },
  ]
}

/** Networks for pictures of 224 pixels, all with the fine-grained recipe. */
function largeNetworks(): GridNetwork[] {
  const { fine } = recipes(0, [{ name: 'random-resized-crop' }, { name: 'horizontal-flip' }])
  const wide = { name: 'bottleneck', factor: 4 }
  const stem = 'imagenet'
  const networks: Omit<GridNetwork, 'recipe'>[] = [
    {
      file: 'resnet18',
      title: 'ResNet-18 with four exits',
      model: {
        backbone: { name: 'resnet', depth: 18, width: 64, stem },
        exits: after('stage', 1, 4),
        head: { name: 'bottleneck' },
      },
    },
    {
      file: 'vgg16',
      title: 'VGG-16 (batch norm) with four exits, as LOTH places them',
      model: {
        backbone: { name: 'vgg', depth: 16, classifier: 'mlp' },
        exits: after('stage', 2, 5),
        head: { name: 'bottleneck' },
      },
    },
    {
      file: 'wrn50-2',
      title: 'WRN-50-2 with four exits',
      model: {
        backbone: { name: 'wide-resnet', depth: 50, widen: 2, stem },
        exits: after('stage', 1, 4),
        head: wide,
      },
    },
    {
      file: 'resnext50-32x4d',
      title: 'ResNeXt-50 (32x4d) with four exits',
      model: {
        backbone: { name: 'resnext', depth: 50, cardinality: 32, baseWidth: 4, stem },
        exits: after('stage', 1, 4),
        head: wide,
      },
    },
    {
      file: 'densenet121',
      title: 'DenseNet-121 with four exits',
      model: {
        backbone: { name: 'densenet', depth: 121, growthRate: 32, stem },
        exits: after('stage', 1, 4),
        head: wide,
      },
    },
    {
      file: 'msdnet5',
      title: "MSDNet with five exits, the release's network of step 4 for ImageNet",
      model: {
        backbone: {
          name: 'msdnet',
          nBlocks: 5,
          nChannels: 32,
          base: 4,
          step: 4,
          stepMode: 'even',
          growthRate: 16,
          grFactor: [1, 2, 4, 4],
          bnFactor: [1, 2, 4, 4],
          stem,
        },
        exits: after('block', 1, 5),
        head: { name: 'msdnet' },
      },
    },
  ]
  return networks.map((network) => ({ ...network, recipe: fine }))
}

export const gridDatasets: readonly GridDataset[] = [
  {
    folder: 'cifar100',
    prefix: 'cifar100',
    title: 'CIFAR-100',
    dataset: { name: 'cifar100', validation: { size: 5000 } },
    held: '5,000 training images are held out for validation',
    networks: smallNetworks(4, 'byot', 'resnet18'),
  },
  {
    folder: 'tiny-imagenet',
    prefix: 'tiny-imagenet-64',
    title: 'Tiny ImageNet at 64 x 64',
    dataset: { name: 'tiny-imagenet', size: 64, validation: { size: 10000 } },
    held: '10,000 training images are held out for validation; tested on the published validation images',
    networks: smallNetworks(8, 'loth', 'resnet18').map((network) => ({
      ...network,
      file: `${network.file}-64`,
    })),
  },
  ...(
    [
      ['cub-200-2011', 'CUB-200-2011', 600, '600 training images are held out for validation'],
      ['stanford-dogs', 'Stanford Dogs', 1200, '1,200 training images are held out for validation'],
      [
        'fgvc-aircraft',
        'FGVC-Aircraft (variants)',
        667,
        'Trained on trainval, tested on test. 667 training images are held out for validation',
      ],
    ] as const
  ).map(([name, title, size, held]) => ({
    folder: name,
    prefix: name,
    title: `${title} at 224 x 224, from scratch`,
    dataset: { name, size: 224, validation: { size } },
    held,
    networks: largeNetworks(),
  })),
]

/**
 * MATE, and the methods for multi-exit networks that its paper cites: BranchyNet and MSDNet (joint training), BYOT, Phuong
 * and Lampert, DKS, EED. Which of them its tables compare is not known.
 */
export const gridMethods: readonly GridMethod[] = [
  { name: 'joint', title: 'Joint training (sum of cross-entropies)' },
  { name: 'byot', title: 'BYOT' },
  { name: 'phuong-lampert', title: 'Distillation-based training of Phuong and Lampert' },
  { name: 'dks', title: 'DKS' },
  { name: 'eed', title: 'EED' },
  { name: 'mate', title: 'MATE (reconstruction)' },
]
