import { BenchError, type Problem } from '@mate-bench/schema'
import { describe, expect, it } from 'vitest'
import { digestSpec, parseSpec, parseSpecText } from './spec.ts'

const valid = {
  schemaVersion: 1,
  name: 'sample',
  dataset: { name: 'fashion-mnist-mini' },
  model: {
    backbone: { name: 'resnet', depth: 8 },
    exits: [{ after: 'stage1' }, { after: 'stage3' }],
    head: { name: 'eed' },
  },
  method: { name: 'mate' },
  training: {
    epochs: 10,
    batchSize: 64,
    optimizer: { name: 'sgd', learningRate: 0.1 },
    schedule: { name: 'multi-step', milestones: [5, 8] },
  },
  evaluation: {},
  seeds: [1, 2],
}

function problemsOf(change: (spec: Record<string, never>) => void): readonly Problem[] {
  const spec = structuredClone(valid) as unknown as Record<string, never>
  change(spec)
  try {
    parseSpec(spec)
  } catch (thrown) {
    if (thrown instanceof BenchError && thrown.code === 'bad-spec') return thrown.problems
    throw thrown
  }
  return []
}

describe('parseSpec', () => {
  it('fills every default', () => {
    const spec = parseSpec(valid)
    expect(spec.training).toMatchObject({ labelSmoothing: 0, gradientClipping: null, augmentation: [] })
    expect(spec.evaluation).toEqual({ checkpoint: { name: 'last' }, protocols: ['anytime'] })
    expect(spec.method).toMatchObject({ name: 'mate', temperature: 3, alpha: 1, primaryWeight: 0.5 })
    expect(spec.training.optimizer).toMatchObject({ momentum: 0.9, nesterov: false })
  })

  type Edit = (spec: {
    [key: string]: unknown
    model: { exits: { after: string }[]; backbone: Record<string, unknown> }
    training: { [key: string]: unknown; schedule: Record<string, unknown> }
    evaluation: Record<string, unknown>
    dataset: Record<string, unknown>
  }) => void
  const refusals: [what: string, edit: Edit, path: string, message: RegExp][] = [
    ['epochs 0', (s) => Object.assign(s.training, { epochs: 0 }), 'training.epochs', /at least 1, found 0/],
    [
      'an unknown stage',
      (s) => Object.assign(s.model.exits[0] ?? {}, { after: 'stage4' }),
      'model.exits[0].after',
      /stage4/,
    ],
    [
      'one exit for mate',
      (s) => s.model.exits.shift(),
      'method.name',
      /needs at least 2 exits; the model has 1/,
    ],
    [
      'a crop of the kept image behind another augmentation',
      (s) =>
        Object.assign(s.training, {
          augmentation: [{ name: 'horizontal-flip' }, { name: 'random-resized-crop' }],
        }),
      'training.augmentation[1]',
      /must come first/,
    ],
    [
      'a batch above the split',
      (s) => Object.assign(s.training, { batchSize: 5401 }),
      'training.batchSize',
      /5400 images/,
    ],
    [
      'a last batch of one image where batch norm sees one pixel',
      (s) => {
        s.model.backbone = { name: 'vgg', depth: 11 }
        Object.assign(s.model, {
          exits: [{ after: 'stage1' }, { after: 'stage5' }],
          head: { name: 'linear' },
        })
        s.dataset.subset = { perClass: 20, seed: 1 }
        s.dataset.validation = { size: 39, seed: 1 }
        Object.assign(s.training, { batchSize: 16 })
      },
      'training.batchSize',
      /161 images in batches of 16\) is a single image, of which the batch norm "stage5\./,
    ],
    [
      'milestones out of order',
      (s) => Object.assign(s.training.schedule, { milestones: [8, 5] }),
      'training.schedule.milestones',
      /grow strictly/,
    ],
    [
      'a milestone never reached',
      (s) => Object.assign(s.training.schedule, { milestones: [5, 10] }),
      'training.schedule.milestones[1]',
      /never reached in 10 epochs/,
    ],
    ['a seed twice', (s) => Object.assign(s, { seeds: [3, 3] }), 'seeds[1]', /listed twice/],
    [
      'a seed above 2^32 - 1',
      (s) => Object.assign(s, { seeds: [4294967296] }),
      'seeds[0]',
      /at most 4294967295/,
    ],
    [
      'NaN',
      (s) => Object.assign(s.training, { labelSmoothing: Number.NaN }),
      'training.labelSmoothing',
      /found NaN/,
    ],
    [
      'best-validation without a validation split',
      (s) => {
        s.evaluation.checkpoint = { name: 'best-validation' }
        s.dataset.validation = { size: 0 }
      },
      'evaluation.checkpoint',
      /needs a validation split/,
    ],
    [
      'budgeted without a validation split',
      (s) => {
        s.evaluation.protocols = ['anytime', 'budgeted']
        s.dataset.validation = { size: 0 }
      },
      'evaluation.protocols[1]',
      /needs a validation split/,
    ],
    [
      'a guarantee without a validation split',
      (s) => {
        s.evaluation.protocols = ['risk-controlled']
        s.dataset.validation = { size: 0 }
      },
      'evaluation.protocols[0]',
      /"risk-controlled" needs a validation split/,
    ],
    [
      'a guarantee by images that chose the epoch',
      (s) => {
        s.evaluation.checkpoint = { name: 'best-validation' }
        s.evaluation.protocols = ['anytime', 'risk-controlled']
      },
      'evaluation.protocols[1]',
      /"best-validation" chooses by them/,
    ],
  ]
  it.each(refusals)('refuses %s', (_, edit, path, message) => {
    const problems = problemsOf((spec) => edit(spec as unknown as Parameters<Edit>[0]))
    expect(problems).toContainEqual(
      expect.objectContaining({ path, message: expect.stringMatching(message) }),
    )
  })

  it('takes a last batch of one image where every batch norm sees several pixels of it', () => {
    const problems = problemsOf((spec) => {
      const edited = spec as unknown as Parameters<Edit>[0]
      edited.dataset.subset = { perClass: 20, seed: 1 }
      edited.dataset.validation = { size: 39, seed: 1 }
      Object.assign(edited.model, { head: { name: 'linear' } })
      Object.assign(edited.training, { batchSize: 16 })
    })
    expect(problems).toEqual([])
  })

  it('reports problems of shape and problems between sections at once, with suggestions', () => {
    const problems = problemsOf((spec) => {
      const edited = spec as unknown as Parameters<Edit>[0]
      edited.model.backbone.name = 'resent'
      edited.training.epoch = 3
      edited.seeds = [7, 7]
    })
    expect(problems.map(({ path }) => path).sort()).toEqual([
      'model.backbone.name',
      'seeds[1]',
      'training.epoch',
    ])
    expect(problems.find(({ path }) => path === 'model.backbone.name')?.hint).toBe('Did you mean "resnet"?')
    expect(problems.find(({ path }) => path === 'training.epoch')?.hint).toBe('Did you mean "epochs"?')
  })

  it('refuses prototype keys and NaN in the text itself', () => {
    expect(() => parseSpecText('{"__proto__": {"name": "x"}}', 'spec.json')).toThrow(/not allowed/)
    expect(() => parseSpecText('{"seeds": [NaN]}', 'spec.json')).toThrow(/not valid JSON/)
  })
})

describe('presets', () => {
  const method = (written: Record<string, unknown>) =>
    parseSpec({ ...valid, method: { name: 'mate', ...written } }).method

  it('stand for their options, which the spec may overrule, and leave no other trace', () => {
    const parsed = method({ preset: 'lab-2021', temperature: 4 })
    expect(parsed).toMatchObject({ bias: true, scaled: false, balance: 'shift', temperature: 4 })
    expect(parsed).not.toHaveProperty('preset')
    const { name, ...explicit } = parsed
    expect(method(explicit)).toEqual(parsed)
  })

  it('are refused by name where the method has none such', () => {
    const problems = (preset: unknown, name: string) =>
      problemsOf((spec) => Object.assign(spec, { method: { name, preset } }))
    expect(problems('lab-2012', 'mate')).toEqual([
      {
        path: 'method.preset',
        message: 'The method "mate" has no preset "lab-2012".',
        hint: 'Presets: "lab-2021".',
      },
    ])
    expect(problems('fast', 'joint')[0]?.hint).toBe('It has none: give its options.')
    expect(problems('fast', 'jiont').map(({ path }) => path)).toEqual(['method.name'])
  })
})

describe('specDigest', () => {
  it('of a spec stays as it was when a method gains options', () => {
    expect(parseSpec(valid).method).toEqual({
      name: 'mate',
      temperature: 3,
      alpha: 1,
      primaryWeight: 0.5,
      keyDimension: null,
      scaled: true,
      rampUpEpochs: null,
      teacherGradient: 'full',
    })
  })

  it.each([
    [{ bias: false }, {}],
    [{ teacherLabelWeight: 1 }, {}],
    [{ balance: 'ramp' }, {}],
    [{ balance: 'ramp', shiftShare: 0.5, shiftEpochs: 7 }, {}],
    [{ balance: 'shift' }, { balance: 'shift', shiftShare: 0.9, shiftEpochs: null }],
    [{ balance: 'shift', rampUpEpochs: 3 }, { balance: 'shift' }],
    [{ preset: 'lab-2021' }, { preset: 'lab-2021', shiftShare: 0.9, rampUpEpochs: 3 }],
  ])('is one for options of MATE that train alike: %j and %j', (one, other) => {
    const of = (own: object) => parseSpec({ ...valid, method: { name: 'mate', ...own } })
    expect(of(one)).toEqual(of(other))
    expect(digestSpec(of(one))).toBe(digestSpec(of(other)))
    expect(parseSpec(of(one))).toEqual(of(one))
  })

  it('is another for options of MATE that do not', () => {
    const digests = [
      {},
      { bias: true },
      { teacherLabelWeight: 0 },
      { balance: 'shift' },
      { balance: 'shift', shiftShare: 0.8 },
      { balance: 'shift', shiftEpochs: 2 },
      { rampUpEpochs: 3 },
    ].map((own) => digestSpec(parseSpec({ ...valid, method: { name: 'mate', ...own } })))
    expect(new Set(digests).size).toBe(digests.length)
  })

  it('is one for a centre crop and for no word of it', () => {
    const augmentationOf = (...augmentation: object[]) =>
      parseSpec({ ...valid, training: { ...valid.training, augmentation } }).training.augmentation
    expect(augmentationOf({ name: 'centre-crop' })).toEqual([])
    const flip = { name: 'horizontal-flip' }
    expect(augmentationOf({ name: 'centre-crop' }, flip)).toEqual(augmentationOf(flip))
    expect(augmentationOf({ name: 'random-resized-crop' }, flip)).toHaveLength(2)
  })

  it('does not depend on order, written-out defaults or $schema, and does on everything else', () => {
    const digest = digestSpec(parseSpec(valid))
    const written = { $schema: '../x.json', ...parseSpec(valid) }
    expect(digestSpec(parseSpec(Object.fromEntries(Object.entries(written).reverse())))).toBe(digest)
    expect(digestSpec(parseSpec({ ...valid, seeds: [2, 1] }))).not.toBe(digest)
    expect(digestSpec(parseSpec({ ...valid, method: { name: 'mate', temperature: 4 } }))).not.toBe(digest)
  })
})
