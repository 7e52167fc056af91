import { methods } from '@mate-bench/methods'
import { backbones } from '@mate-bench/nn/describe'
import { describe, expect, it } from 'vitest'
import { checkSpec } from '../components/spec/check-spec.ts'
import { editorHref, startingSpec } from './starting-spec.ts'

const checked = (start: Parameters<typeof startingSpec>[0]) => checkSpec(JSON.stringify(startingSpec(start)))

describe('startingSpec', () => {
  it.each(methods.map(({ name }) => name))('is valid for the method %s, and has it', (name) => {
    expect(checked({ method: name })).toMatchObject({ ok: true, name: `my-${name}` })
    expect(startingSpec({ method: name })).toMatchObject({ method: { name } })
  })

  it.each(backbones.map(({ name }) => name))('is valid for the backbone %s, and has it', (name) => {
    expect(checked({ backbone: name })).toMatchObject({ ok: true, name: `my-${name}` })
    expect(startingSpec({ backbone: name })).toMatchObject({ model: { backbone: { name } } })
  })

  it('is none for a name that nothing has', () => {
    expect(startingSpec({ method: 'nothing' })).toBeUndefined()
    expect(startingSpec({ backbone: '__proto__' })).toBeUndefined()
    expect(startingSpec({})).toBeUndefined()
  })
})

it('links to the editor', () => {
  expect(editorHref({ method: 'tf-kd' })).toBe('/submit?method=tf-kd')
})
