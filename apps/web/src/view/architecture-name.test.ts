import { readFileSync } from 'node:fs'
import { parseSpecText } from '@mate-bench/harness/spec'
import { describe, expect, it } from 'vitest'
import { architectureName } from './architecture-name.ts'

const shipped = (path: string) =>
  architectureName(
    parseSpecText(readFileSync(new URL(`../../../../bench-specs/${path}`, import.meta.url), 'utf8'), path),
  )

describe('architectureName', () => {
  it.each([
    ['cifar100/resnet18-byot.json', 'resnet18'],
    ['cifar100/msdnet7-joint.json', 'msdnet-7exit(nCh16,gr16,base4,step2)'],
    ['quickstart/mate.json', 'resnet8 (width 8)'],
    ['cifar100/wrn28-10-dks.json', 'wrn28-10'],
    ['cifar100/resnext29-8x64d-mate.json', 'resnext29-8x64d'],
    ['cifar100/densenet-bc-100-12-joint.json', 'densenet-bc-100-12'],
    ['cifar100/mobilenetv2-mate.json', 'mobilenetv2'],
    ['cifar100/resnet18-alone1.json', 'resnet18 (one exit, after stage1)'],
    ['fashion-mnist/mobilenetv2-joint.json', 'mobilenetv2 (width 0.25)'],
  ])('names the network of %s as published numbers do', (path, name) => {
    expect(shipped(path)).toBe(name)
  })

  it('keeps the name of a backbone that this version does not know', () => {
    const exits = [{ after: 'start' }, { after: 'end' }]
    const model = { backbone: { name: 'new-net' }, exits, head: { name: 'linear' } }
    expect(architectureName({ model })).toBe('new-net')
  })
})
