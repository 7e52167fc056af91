/**
 * The specs of the study: one network, one schedule, one dataset; what differs between two of them is the method alone.
 *
 * Network, optimiser and schedule are those of `bench-specs/fashion-mnist/`, at width 8, batches of 64 (the learning rate
 * scaled with the batch) and six epochs. docs/study-protocol.md says why, and was committed before the first run.
 */

import { InvalidArgumentError } from 'commander'

/** How many epochs every run of the study has. */
export const studyEpochs = 6
/** Chosen before the first run; none is dropped and none is added. */
export const studySeeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/** A spec of the study, as it stands in bench-specs/study/. */
export interface StudySpec {
  readonly file: string
  readonly document: Readonly<Record<string, unknown>>
}

interface Row {
  /** The file's name without its ending. */
  readonly name: string
  /** What is trained, in half a sentence. */
  readonly what: string
  readonly method: Readonly<Record<string, unknown>>
  /** Default: ResNet-8 with its three exits. */
  readonly depth?: number
  readonly exits?: readonly string[]
  readonly regime?: 'disjoint' | 'mixed'
  /** Epochs of the backbone where there is a regime. Default: half of all. */
  readonly backboneEpochs?: number
}

const allExits = ['stage1', 'stage2', 'stage3']
const teacher = (file: string) => ({ spec: `${file}.json` })

/** Methods for networks with exits, and one network's self-distillation applied at every exit. */
const methods: readonly Row[] = [
  { name: 'joint', what: 'the sum of the exits’ cross-entropies, the baseline', method: { name: 'joint' } },
  { name: 'mate', what: 'MATE (reconstruction) at its defaults', method: { name: 'mate' } },
  {
    name: 'mate-lab-2021',
    what: 'MATE with the choices of its lab’s code of 2021',
    method: { name: 'mate', preset: 'lab-2021' },
  },
  {
    name: 'mate-single-teacher',
    what: 'MATE where each exit learns from its own teacher alone',
    method: { name: 'mate', primaryWeight: 1 },
  },
  {
    name: 'mate-equal-teachers',
    what: 'MATE where each exit learns from all three teachers alike',
    method: { name: 'mate', primaryWeight: 0.3333 },
  },
  {
    name: 'mate-weights-gradient',
    what: 'MATE whose teachers move the weight network alone',
    method: { name: 'mate', teacherGradient: 'weights' },
  },
  {
    name: 'mate-no-gradient',
    what: 'MATE whose teachers are not moved by distillation',
    method: { name: 'mate', teacherGradient: 'none' },
  },
  { name: 'byot', what: 'Be Your Own Teacher', method: { name: 'byot' } },
  {
    name: 'phuong-lampert',
    what: 'distillation from the last exit (Phuong and Lampert)',
    method: { name: 'phuong-lampert' },
  },
  { name: 'dks', what: 'deeply-supervised knowledge synergy', method: { name: 'dks' } },
  { name: 'eed', what: 'exit-ensemble distillation', method: { name: 'eed' } },
  { name: 'beed', what: 'BEED', method: { name: 'beed' } },
  { name: 'loth', what: 'Live on the Hump', method: { name: 'loth' } },
  { name: 'okddip', what: 'OKDDip over exits', method: { name: 'okddip' } },
  { name: 'one', what: 'ONE over exits', method: { name: 'one' } },
  { name: 'dml', what: 'deep mutual learning over exits', method: { name: 'dml' } },
  { name: 'cl-ilr', what: 'collaborative learning over exits', method: { name: 'cl-ilr' } },
  { name: 'codistillation', what: 'codistillation over exits', method: { name: 'codistillation' } },
  { name: 'imta', what: 'IMTA', method: { name: 'imta' } },
  { name: 'boosted', what: 'boosted exits (BoostNet)', method: { name: 'boosted' } },
  { name: 'sdn', what: 'a shallow-deep network, trained together', method: { name: 'sdn' } },
  { name: 'tf-kd', what: 'teacher-free distillation by a virtual teacher', method: { name: 'tf-kd' } },
  { name: 'cs-kd', what: 'class-wise self-distillation', method: { name: 'cs-kd' } },
  { name: 'ddgsd', what: 'data-distortion guided self-distillation', method: { name: 'ddgsd' } },
  { name: 'bake', what: 'batch knowledge ensembling', method: { name: 'bake' } },
  // The source renews its memory every 5 of 200 epochs: less than one epoch of this schedule, so every epoch.
  { name: 'lwr', what: 'learning with retrospection', method: { name: 'lwr', interval: 1 } },
  { name: 'ps-kd', what: 'progressive self-distillation', method: { name: 'ps-kd' } },
  { name: 'snapshot', what: 'snapshot distillation', method: { name: 'snapshot' } },
]

/** The same losses in another order of training. */
const regimes: readonly Row[] = [
  {
    name: 'joint-disjoint',
    what: 'the backbone with its last exit first, then the other heads on it as it is',
    method: { name: 'joint' },
    regime: 'disjoint',
  },
  {
    name: 'joint-mixed',
    what: 'the backbone with its last exit first, then all exits',
    method: { name: 'joint' },
    regime: 'mixed',
  },
  {
    name: 'mate-mixed',
    what: 'the backbone with its last exit first, then all exits by MATE',
    method: { name: 'mate' },
    regime: 'mixed',
  },
  {
    name: 'sdn-internal',
    what: 'SDN’s internal classifiers on a finished network',
    method: { name: 'sdn', training: 'internalClassifiers' },
    regime: 'disjoint',
    backboneEpochs: 4,
  },
]

/** A single exit: the reference of each depth, and the teachers of others. */
const alone: readonly Row[] = [
  ...[1, 2, 3].map((k) => ({
    name: `alone${k}`,
    what: `the network up to exit ${k}, trained alone`,
    method: { name: 'joint' },
    exits: [`stage${k}`],
  })),
  {
    name: 'resnet14-alone',
    what: 'ResNet-14 with its last exit, a teacher of others',
    method: { name: 'joint' },
    depth: 14,
    exits: ['stage3'],
  },
  {
    name: 'resnet20-alone',
    what: 'ResNet-20 with its last exit, a teacher of others',
    method: { name: 'joint' },
    depth: 20,
    exits: ['stage3'],
  },
  {
    name: 'resnet14-assistant',
    what: 'ResNet-14 with its last exit, taught by ResNet-20: an assistant of others',
    method: { name: 'takd', teacher: teacher('resnet20-alone') },
    depth: 14,
    exits: ['stage3'],
  },
]

/** Methods with a teacher that was trained before. */
const taught: readonly Row[] = [
  {
    name: 'kd',
    what: 'knowledge distillation from ResNet-14 to every exit',
    method: { name: 'kd', teacher: teacher('resnet14-alone') },
  },
  {
    name: 'ba-caruana',
    what: 'logits of ResNet-14 matched by every exit',
    method: { name: 'ba-caruana', teacher: teacher('resnet14-alone') },
  },
  {
    name: 'born-again',
    what: 'every exit taught by the same exit of the joint baseline',
    method: { name: 'born-again', teacher: teacher('joint'), teacherExit: 'matching' },
  },
  {
    name: 'tf-kd-self',
    what: 'teacher-free distillation in its self-training form, taught by the joint baseline',
    method: { name: 'tf-kd', teacher: teacher('joint') },
  },
  {
    name: 'tolerant-first',
    what: 'the first generation of the tolerant teacher',
    method: { name: 'tolerant-teacher' },
  },
  {
    name: 'tolerant-teacher',
    what: 'the second generation of the tolerant teacher',
    method: { name: 'tolerant-teacher', teacher: teacher('tolerant-first'), teacherExit: 'matching' },
  },
  {
    name: 'takd',
    what: 'distillation from the assistant of ResNet-20',
    method: { name: 'takd', teacher: teacher('resnet14-assistant') },
  },
  {
    name: 'dgkd',
    what: 'distillation from ResNet-20 and its assistant together',
    method: { name: 'dgkd', teachers: [teacher('resnet20-alone'), teacher('resnet14-assistant')] },
  },
]

/** Every spec of the study, teachers before those that they teach. */
export function studySpecs(): StudySpec[] {
  return [...methods, ...regimes, ...alone, ...taught].map((row) => ({
    file: `${row.name}.json`,
    document: {
      $schema: '../spec.schema.json',
      schemaVersion: 1,
      name: `study-${row.name}`,
      description: `The study on Fashion-MNIST: ${row.what}. Same data, schedule and batches as every spec of this folder.`,
      dataset: { name: 'fashion-mnist', subset: { perClass: 1000 }, validation: { size: 1000 } },
      model: {
        backbone: { name: 'resnet', depth: row.depth ?? 8, width: 8, stem: 'cifar' },
        exits: (row.exits ?? allExits).map((after) => ({ after })),
        head: { name: 'eed' },
      },
      method: row.method,
      training: training(row),
      evaluation: { checkpoint: { name: 'last' }, protocols: ['anytime', 'budgeted'] },
      seeds: studySeeds,
    },
  }))
}

/**
 * The specs that `--only` names, such as `mate,joint`.
 * @throws InvalidArgumentError for a name that no spec has
 */
export function specNames(text: string): string[] {
  const known = studySpecs().map(({ file }) => file.replace('.json', ''))
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length === 0) return names
  throw new InvalidArgumentError(
    `No spec is called "${unknown.join('", "')}". There are: ${known.join(', ')}.`,
  )
}

function training({ regime, backboneEpochs = studyEpochs / 2 }: Row) {
  const schedule = { name: 'cosine', warmupEpochs: 1 }
  return {
    epochs: studyEpochs,
    ...(regime && { regime: { name: regime, backbone: { epochs: backboneEpochs, schedule } } }),
    batchSize: 64,
    optimizer: {
      name: 'sgd',
      learningRate: 0.05,
      momentum: 0.9,
      weightDecay: 0.0005,
      decayNormAndBias: true,
      nesterov: true,
    },
    schedule,
    augmentation: [{ name: 'random-crop', padding: 2 }, { name: 'horizontal-flip' }],
  }
}
