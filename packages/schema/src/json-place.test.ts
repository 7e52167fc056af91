import { expect, it } from 'vitest'
import { lineOfPath } from './json-place.ts'

const text = `{
  "name": "x",
  "model": {
    "exits": [
      { "after": "stage1" },
      { "after":
        "stage9" }
    ]
  },
  "seeds": [1]
}`

it('finds the line of a key or an item', () => {
  expect(lineOfPath(text, 'name')).toBe(2)
  expect(lineOfPath(text, 'model.exits[0].after')).toBe(5)
  expect(lineOfPath(text, 'model.exits[1].after')).toBe(6)
  expect(lineOfPath(text, 'seeds[0]')).toBe(10)
})

it('takes what holds it where there is no such place', () => {
  expect(lineOfPath(text, 'model.head')).toBe(3)
  expect(lineOfPath(text, 'model.exits[7].after')).toBe(4)
  expect(lineOfPath(text, 'training.epochs')).toBe(1)
  expect(lineOfPath(text, '$')).toBe(1)
  expect(lineOfPath('', 'name')).toBeUndefined()
})
