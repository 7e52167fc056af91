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
  ])('names the network of %s as published numbers do', (path, name) => {
    expect(shipped(path)).toBe(name)
  })

  it('keeps the name of a backbone that this version does not know', () => {
    const model = { backbone: { name: 'new-net' }, exits: [{ after: 'end' }], head: { name: 'linear' } }
    expect(architectureName({ model })).toBe('new-net')
  })
})
