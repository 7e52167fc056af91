import { phasesOf } from '@mate-bench/harness/phases'
import type { Plan } from '@mate-bench/harness/plan'
import { digestSpec } from '@mate-bench/harness/spec'
import { teacherSpecsOf } from '@mate-bench/harness/teachers'
import { describeNeeds } from '@mate-bench/methods'
import type { TimeEstimate } from '../estimate-time.ts'
import { bytes, decimal, duration, integer, plural, si, significant } from './numbers.ts'
import type { Painter } from './paint.ts'
import { formatTable } from './table.ts'
import { wrap } from './wrap.ts'

/** @param time undefined where it was not measured, `elsewhere` where another machine trains */
export function formatPlan(plan: Plan, time: TimeEstimate | 'elsewhere' | undefined, paint: Painter): string {
  const { spec, splits, stepsPerEpoch, exits, network } = plan
  const { epochs, batchSize } = spec.training
  const runs = spec.seeds.length
  const facts: [string, string][] = [
    ['digest', plan.specDigest],
    [
      'data',
      `${spec.dataset.name}: ${integer(splits.train)} training, ${integer(splits.validation)} validation, ${integer(splits.test)} test images of ${network.inputShape.join('x')}`,
    ],
    ['method', spec.method.name],
    ...teacherFacts(plan),
    ...phaseFacts(plan),
    ['runs', `${runs} (seeds ${spec.seeds.join(', ')})`],
    [
      'steps',
      `${plural(epochs, 'epoch')} of ${integer(stepsPerEpoch)} steps with ${integer(batchSize)} images: ${integer(epochs * stepsPerEpoch)} a run`,
    ],
    [
      'training',
      `${si(plan.trainingMacsPerRun)} MACs a run, ${si(plan.trainingMacsPerRun * runs)} MACs in all (forward and backward)`,
    ],
    ['an image', imageFact(plan)],
    ['disk', `at most ${bytes(plan.bytesPerRun)} a run, ${bytes(plan.bytesPerRun * runs)} in all`],
    ...(time === 'elsewhere' ? [] : timeFacts(time, runs)),
    ...(typeof time === 'object' ? [memoryFact(time, paint)] : []),
  ]
  const table = formatTable(
    [
      { title: 'exit', align: 'right' },
      { title: 'after' },
      { title: 'isolated MACs', align: 'right' },
      { title: 'sequential MACs', align: 'right' },
      { title: 'FLOPs', align: 'right' },
      { title: 'params', align: 'right' },
    ],
    exits.map(({ k, after, isolatedMacs, sequentialMacs, parametersIsolated }) => [
      String(k),
      after,
      si(isolatedMacs),
      si(sequentialMacs),
      si(2 * sequentialMacs),
      si(parametersIsolated),
    ]),
    paint,
  )
  return [
    paint('bold', spec.name),
    ...(spec.description === undefined ? [] : [paint('dim', wrap(spec.description, 110))]),
    '',
    ...facts.map(([name, text]) => `  ${paint('dim', name.padEnd(9))} ${text}`),
    '',
    table,
    '',
  ].join('\n')
}

/** Who is trained before, in order, and whose frozen outputs the method asks for. */
function teacherFacts({ spec, teachers }: Plan): [string, string][] {
  if (teachers.length === 0) return []
  const own = new Set(teacherSpecsOf(spec).map(digestSpec))
  const names = teachers.map((teacher) => {
    const digest = digestSpec(teacher)
    const note = own.has(digest) ? 'teaches this one' : 'teaches one of them'
    return `${teacher.name} (${digest.slice('sha256:'.length, 'sha256:'.length + 8)}, ${note})`
  })
  return [['teachers', `trained first, each with the same seed: ${names.join(', then ')}`]]
}

const phaseNames = {
  whole: 'everything at once',
  backbone: 'the backbone with its last exit',
  heads: 'the heads before the last exit',
  everything: 'everything',
}

function phaseFacts({ spec: { training } }: Plan): [string, string][] {
  const phases = phasesOf(training)
  if (phases.length === 1) return []
  const texts = phases.map(({ name, epochs }) => `${phaseNames[name]} for ${plural(epochs, 'epoch')}`)
  return [['regime', `${training.regime?.name}: ${texts.join(', then ')}`]]
}

/** What an image of an epoch takes in training. */
function imageFact({ trainingMacsPerImage, needs, teacherMacs, keptBytes }: Plan): string {
  const taught = teacherMacs.length === 1 ? 'its teacher' : `${teacherMacs.length} teachers`
  const extras = [...describeNeeds(needs), ...(teacherMacs.length > 0 ? [`a forward pass of ${taught}`] : [])]
  const kept = keptBytes > 0 ? [`${bytes(keptBytes)} kept from step to step`] : []
  const takes = extras.length > 0 ? `: ${[...extras, ...kept].join(', ')}` : ''
  return `${si(trainingMacsPerImage)} MACs in forward passes${takes}`
}

function timeFacts(time: TimeEstimate | undefined, runs: number): [string, string][] {
  if (!time) return [['time', 'not measured']]
  const { secondsPerRun, secondsInAll, workers, secondsPerStep, gflopPerSecond } = time
  const all = runs === 1 ? '' : `, ${duration(secondsInAll)} in all with ${plural(workers, 'run')} at a time`
  const about = `about ${duration(secondsPerRun)} a run${all}`
  return [
    ['time', time.memory.fits ? about : 'none: a step does not fit into memory'],
    [
      'measured',
      `${time.backend}: ${significant(secondsPerStep, 3)} s a step, ${decimal(gflopPerSecond, 1)} GFLOP/s (timed with ${plural(time.measuredBatchSize, 'image')}; ${time.backendReason})`,
    ],
  ]
}

function memoryFact({ backend, memory, workers }: TimeEstimate, paint: Painter): [string, string] {
  const { stepBytes, limitBytes, fits, largestBatchSize } = memory
  if (fits) return ['memory', `about ${bytes(stepBytes)} a step`]
  const limit = `${bytes(limitBytes)} that ${workers === 1 ? 'a run' : `each of ${plural(workers, 'run')}`} can have here with ${backend}`
  const remedy =
    largestBatchSize > 0
      ? `about ${integer(largestBatchSize)} images a step fit: lower training.batchSize`
      : 'the network alone is too large'
  return ['memory', paint('red', `about ${bytes(stepBytes)} a step, more than the ${limit}: ${remedy}`)]
}

export function planToJson(plan: Plan, time: TimeEstimate | undefined) {
  const { spec, specDigest, splits, stepsPerEpoch, exits, parameters, forwardMacs } = plan
  return {
    name: spec.name,
    specDigest,
    splits,
    seeds: spec.seeds,
    teachers: plan.teachers.map((teacher) => ({ name: teacher.name, specDigest: digestSpec(teacher) })),
    phases: phasesOf(spec.training).map(({ name, epochs }) => ({ name, epochs })),
    epochs: spec.training.epochs,
    stepsPerEpoch,
    stepsPerRun: stepsPerEpoch * spec.training.epochs,
    exits,
    parameters,
    forwardMacs,
    trainingMacsPerRun: plan.trainingMacsPerRun,
    trainingMacsPerImage: plan.trainingMacsPerImage,
    trainingBytes: plan.trainingBytes,
    bytesPerRun: plan.bytesPerRun,
    time: time ?? null,
  }
}
