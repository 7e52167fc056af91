import { describe, expect, it } from 'vitest'
import { withoutPaths } from './without-paths.ts'

describe('withoutPaths', () => {
  it.each([
    ['The file /srv/bench/runs/sub_1/x.partial is locked.', 'The file …/x.partial is locked.'],
    ["could not open '/home/ada/data/a.gz': EACCES", "could not open '…/a.gz': EACCES"],
    ['at C:\\Users\\ada\\runs\\x (y)', 'at …/x (y)'],
    ['read https://example.org/a/b and 3/4', 'read https://example.org/a/b and 3/4'],
    ['top-1 71.2 / 80.1 / 82.5 %', 'top-1 71.2 / 80.1 / 82.5 %'],
    ['model.exits[1].after is stage9', 'model.exits[1].after is stage9'],
  ])('makes %j %j', (text, expected) => {
    expect(withoutPaths(text)).toBe(expected)
  })
})
