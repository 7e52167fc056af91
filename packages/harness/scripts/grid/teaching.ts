import type { Cell } from './cells.ts'

/** Specs of methods with a teacher, with those of their teachers, and of regimes: a large form and a small one. */

interface Family {
  readonly folder: string
  readonly prefix: string
  /** The network that everything here is about: file name, model, and what training says. */
  readonly student: string
  readonly model: object
  readonly training: Readonly<Record<string, unknown>>
  readonly dataset: object
  /** The same network, larger: file name and model, each with the last exit alone. */
  readonly teachers: readonly { readonly file: string; readonly title: string; readonly model: object }[]
  readonly title: string
  /** Epochs and schedule of a phase where there are two of them. */
  readonly half: { readonly epochs: number; readonly schedule: object }
  readonly settings: string
  readonly held: string
}

const resnet = (depth: number, width: number) => ({ name: 'resnet', depth, width, stem: 'cifar' })
const exits = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ after: `stage${from + i}` }))
const evaluation = { checkpoint: { name: 'last' }, protocols: ['anytime', 'budgeted'] }

const families: readonly Family[] = [
  {
    folder: 'cifar100',
    prefix: 'cifar100',
    student: 'resnet18',
    title: 'ResNet-18 with four exits, CIFAR-100',
    model: { backbone: resnet(18, 64), exits: exits(1, 4), head: { name: 'bottleneck' } },
    dataset: { name: 'cifar100', validation: { size: 5000 } },
    training: {
      epochs: 200,
      batchSize: 128,
      optimizer: {
        name: 'sgd',
        learningRate: 0.1,
        momentum: 0.9,
        weightDecay: 0.0005,
        decayNormAndBias: true,
      },
      schedule: { name: 'multi-step', milestones: [75, 130, 180], gamma: 0.1 },
      augmentation: [{ name: 'random-crop', padding: 4 }, { name: 'horizontal-flip' }],
    },
    half: { epochs: 100, schedule: { name: 'multi-step', milestones: [38, 65, 90], gamma: 0.1 } },
    teachers: [
      {
        file: 'resnet50',
        title: 'ResNet-50',
        model: { backbone: resnet(50, 64), exits: exits(4, 4), head: { name: 'linear' } },
      },
      {
        file: 'resnet34',
        title: 'ResNet-34',
        model: { backbone: resnet(34, 64), exits: exits(4, 4), head: { name: 'linear' } },
      },
    ],
    settings:
      "BYOT's schedule, that of the other specs of this network: 200 epochs, SGD 0.1/0.9/5e-4 on all parameters, batch 128, learning rate x0.1 at 75, 130, 180, crop and flip",
    held: '5,000 training images are held out for validation; the last epoch is judged.',
  },
  {
    folder: 'fashion-mnist',
    prefix: 'fashion-mnist',
    student: 'resnet8',
    title: 'a ResNet-8 with three exits, the full Fashion-MNIST',
    model: { backbone: resnet(8, 16), exits: exits(1, 3), head: { name: 'eed' } },
    dataset: { name: 'fashion-mnist', validation: { size: 6000 } },
    training: {
      epochs: 20,
      batchSize: 128,
      optimizer: {
        name: 'sgd',
        learningRate: 0.1,
        momentum: 0.9,
        weightDecay: 0.0005,
        decayNormAndBias: true,
        nesterov: true,
      },
      schedule: { name: 'cosine', warmupEpochs: 1 },
      augmentation: [{ name: 'random-crop', padding: 2 }, { name: 'horizontal-flip' }],
    },
    half: { epochs: 10, schedule: { name: 'cosine', warmupEpochs: 1 } },
    teachers: [
      {
        file: 'resnet20',
        title: 'ResNet-20',
        model: { backbone: resnet(20, 16), exits: exits(3, 3), head: { name: 'eed' } },
      },
      {
        file: 'resnet14',
        title: 'ResNet-14',
        model: { backbone: resnet(14, 16), exits: exits(3, 3), head: { name: 'eed' } },
      },
    ],
    settings: 'the schedule of its siblings in this folder',
    held: '6,000 training images are held out for validation; the last epoch is judged.',
  },
]

export function teachingCells(): Cell[] {
  return families.flatMap(cellsOf)
}

function cellsOf(family: Family): Cell[] {
  const { folder, prefix, student, model, training, dataset, title, half, settings, held } = family
  const [large, middle] = family.teachers
  if (!large || !middle) throw new RangeError('a family has two teachers')
  const last = (own: Family['teachers'][number]) =>
    Reflect.get(own.model, 'exits')[0].after.slice('stage'.length)
  const alone = (own: Family['teachers'][number], by = '') => `${own.file}${by}-alone${last(own)}`
  const path = (file: string) => ({ spec: `${file}.json` })
  const cell = (file: string, description: string, own: Record<string, unknown>): Cell => ({
    file: `${folder}/${file}.json`,
    document: {
      $schema: '../spec.schema.json',
      schemaVersion: 1,
      name: `${prefix}-${file}`,
      description: `${description} ${held}`,
      dataset,
      model,
      method: { name: 'joint' },
      training,
      evaluation,
      seeds: [1, 2, 3],
      ...own,
    },
  })
  const taught = (file: string, description: string, method: object, own = model) =>
    cell(`${student}-${file}`, `${description}, with ${settings}.`, { method, model: own })
  const inPhases = (name: string, method: string, text: string) =>
    cell(
      `${student}-${method}-${name}`,
      `${text}: half of the epochs for the backbone with its last exit, half for ${name === 'disjoint' ? 'the earlier heads on the frozen backbone' : 'everything'}, each with a schedule of its own (Kubaty et al., ICML 2025, whose code splits its epochs alike); otherwise ${settings}.`,
      {
        method: { name: method },
        training: {
          ...training,
          regime: { name, backbone: { epochs: half.epochs, schedule: half.schedule } },
          schedule: half.schedule,
        },
      },
    )
  return [
    ...[large, middle].map((own) =>
      cell(
        alone(own),
        `${own.title} with its last exit, trained alone: the teacher of others in this folder, with ${settings}.`,
        { model: own.model },
      ),
    ),
    cell(
      alone(middle, '-takd'),
      `${middle.title} with its last exit, taught by ${large.title}: the assistant of teacher-assistant distillation, with ${settings}.`,
      { model: middle.model, method: { name: 'takd', teacher: path(alone(large)) } },
    ),
    taught('kd', `Knowledge distillation from ${middle.title} to every exit of ${title}`, {
      name: 'kd',
      teacher: path(alone(middle)),
    }),
    taught('ba-caruana', `Mimic learning of the logits of ${middle.title} by every exit of ${title}`, {
      name: 'ba-caruana',
      teacher: path(alone(middle)),
    }),
    taught(
      'born-again',
      `Born-again networks on ${title}: the second generation, whose exit k learns from exit k of joint training`,
      { name: 'born-again', teacher: path(`${student}-joint`), teacherExit: 'matching' },
    ),
    taught('tolerant-first', `Tolerant teacher on ${title}: the first generation, kept from being too sure`, {
      name: 'tolerant-teacher',
    }),
    taught(
      'tolerant-teacher',
      `Tolerant teacher on ${title}: the second generation, whose exit k learns from exit k of the first`,
      { name: 'tolerant-teacher', teacher: path(`${student}-tolerant-first`), teacherExit: 'matching' },
    ),
    taught(
      'takd',
      `Teacher-assistant distillation on ${title}: from ${large.title} by way of ${middle.title}`,
      {
        name: 'takd',
        teacher: path(alone(middle, '-takd')),
      },
    ),
    taught(
      'dgkd',
      `Densely guided distillation on ${title}: from ${large.title} and its assistant ${middle.title} at once`,
      { name: 'dgkd', teachers: [path(alone(large)), path(alone(middle, '-takd'))] },
    ),
    inPhases('disjoint', 'joint', `The exits of ${title}, trained after the backbone`),
    inPhases('mixed', 'joint', `The exits of ${title}, trained with the backbone after it was trained alone`),
    inPhases('mixed', 'mate', `MATE (reconstruction) on ${title} after the backbone was trained alone`),
  ]
}
