import { digestSpec, parseSpec } from '@mate-bench/harness/spec'
import { methods } from '@mate-bench/methods'
import { backbones } from '@mate-bench/nn/describe'
import msdnet from '../../../../bench-specs/cifar100/msdnet7-joint.json'
import vgg from '../../../../bench-specs/cifar100/vgg16-joint.json'
import densenet from '../../../../bench-specs/fashion-mnist/densenet-bc-16-6-joint.json'
import mobileNet from '../../../../bench-specs/fashion-mnist/mobilenetv2-joint.json'
import resnext from '../../../../bench-specs/fashion-mnist/resnext11-4x16d-joint.json'
import wideResnet from '../../../../bench-specs/fashion-mnist/wrn10-1-joint.json'
import resnet from '../../../../bench-specs/quickstart/joint.json'

/** What the editor opens with. */
export interface StartingSpec {
  readonly method?: string | undefined
  readonly backbone?: string | undefined
}

/** The smallest spec that ships for each backbone. */
const ofBackbone: Readonly<Record<string, Record<string, unknown>>> = {
  ...{ resnet, vgg, resnext, densenet, msdnet },
  ...{ 'wide-resnet': wideResnet, 'mobilenet-v2': mobileNet },
}

/** ResNet-14: what teaches a ResNet-8. A born-again network's teacher is its own like. */
const deeper = { ...resnet.model, backbone: { ...resnet.model.backbone, depth: 14 } }

/** Whose default options name no teacher, so that the spec must. */
const ofTeacher: readonly string[] = ['kd', 'ba-caruana', 'born-again', 'takd', 'dgkd']

/** The address of the editor with a spec of a method or backbone in it. */
export function editorHref({ method, backbone }: StartingSpec): string {
  const query = new URLSearchParams()
  if (method !== undefined) query.set('method', method)
  if (backbone !== undefined) query.set('backbone', backbone)
  return `/submit?${query}`
}

/**
 * A valid spec to start from, small where the backbone has a small form.
 *
 * @returns as JSON; undefined where neither is the name of anything
 */
export function startingSpec({ method, backbone }: StartingSpec): object | undefined {
  const isMethod = methods.some(({ name }) => name === method)
  const isBackbone = backbones.some(({ name }) => name === backbone)
  if (!isMethod && !isBackbone) return undefined
  const { $schema: _, description: __, ...base } = (isBackbone && ofBackbone[backbone ?? '']) || resnet
  const name = `my-${[isBackbone ? backbone : [], isMethod ? method : []].flat().join('-')}`
  const chosen = isMethod && method !== undefined ? { name: method } : { name: 'joint' }
  if (!ofTeacher.includes(chosen.name)) return { ...base, name, method: chosen }
  const model = chosen.name !== 'born-again' && !isBackbone ? deeper : base.model
  const teacher = { ...base, name: `${name}-teacher`, model, method: { name: 'joint' } }
  const { name: own, ...named } = { ...chosen, specDigest: digestSpec(parseSpec(teacher)) }
  const teaches = own === 'dgkd' ? { teachers: [named] } : { teacher: named }
  return { ...base, name, method: { name: own, ...teaches }, teacherSpecs: [teacher] }
}
