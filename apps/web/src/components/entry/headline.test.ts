import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { boardEntries } from '../../testing/board-entries.ts'
import { Headline } from './headline.tsx'

it.each([
  [[0.6], ['Top-1 of exit 1']],
  [
    [0.6, 0.8],
    ['Top-1 of exit 2', 'Top-1 of exit 1'],
  ],
])('the headline of an entry with the exits %j says each figure once', (top1, titles) => {
  const [entry] = boardEntries([{ name: 'own', top1 }])
  if (!entry) throw new Error('an entry was made')
  const markup = renderToStaticMarkup(createElement(Headline, { entry, tableSize: 1 }))
  expect(markup.match(/Top-1 of exit \d/g)).toEqual(titles)
})
