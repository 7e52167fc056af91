import { digestSpec, type Spec } from '@mate-bench/harness'
import { methodOptions } from '@mate-bench/methods'
import { tinySpec } from './tiny-spec.ts'

/**
 * Options with which two epochs show what a method keeps from one to the next, where its defaults take longer; that fit the
 * teacher that is given here; and that spare plain JavaScript some work.
 */
const telling: Readonly<Record<string, object>> = {
  bake: { sameClass: 1 },
  lwr: { interval: 1 },
  'tf-kd': { teacherExit: 'last' },
}

const schedule = { name: 'multi-step', milestones: [1] }
const short = { ...tinySpec().training, epochs: 2, batchSize: 32, schedule }

/**
 * Two epochs of a few steps: enough for what a method keeps from one epoch to the next to matter.
 *
 * @param changes to this spec and to those of its teachers
 */
export function specOfMethod(method: string, changes: MethodSpecChanges = {}): Spec {
  const named = { name: method }
  const options = methodOptions.parse(named)
  // A method that may have a teacher is given one here, or two where it takes several.
  const takesOne = 'teacher' in options
  const takesSeveral = 'teachers' in options && Array.isArray(options.teachers)
  const widths = takesOne ? [4] : takesSeveral ? [4, 3] : []
  const teachers = widths.map((width) => teacherOf(width, changes))
  const references = teachers.map((teacher) => ({ specDigest: digestSpec(teacher) }))
  return tinySpec({
    method: {
      ...named,
      ...telling[method],
      ...(takesOne ? { teacher: references[0] } : {}),
      ...(takesSeveral ? { teachers: references } : {}),
    },
    training: { ...short, ...changes.training },
    ...(changes.dataset ? { dataset: changes.dataset } : {}),
    ...(teachers.length > 0 ? { teacherSpecs: teachers } : {}),
  })
}

export interface MethodSpecChanges {
  readonly dataset?: object
  readonly training?: object
}

/** A network of so many channels that is trained before, for an epoch. */
function teacherOf(width: number, { dataset, training }: MethodSpecChanges): Spec {
  return tinySpec({
    name: `teacher-${width}`,
    model: {
      backbone: { name: 'resnet', depth: 8, width },
      exits: [{ after: 'stage3' }],
      head: { name: 'linear' },
    },
    method: { name: 'joint' },
    training: { ...short, ...training, epochs: 1, schedule: { name: 'constant' } },
    ...(dataset ? { dataset } : {}),
  })
}

/** MATE with the backbone first, for the first of two epochs. */
export function specInRegime(name: string): Spec {
  const regime = { name, backbone: { epochs: 1, schedule: { name: 'constant' } } }
  return tinySpec({ training: { ...short, schedule: { name: 'cosine' }, regime } })
}
