import { describe, expect, it } from 'vitest'
import { contact, dataLicence, discussionUrl, repository } from './site-settings.ts'

it('takes addresses of the web and of people, and nothing else', () => {
  expect(contact({ MATE_BENCH_CONTACT: 'ada@lab.test' })?.href).toBe('mailto:ada@lab.test')
  expect(contact({ MATE_BENCH_CONTACT: 'mailto:ada@lab.test' })?.href).toBe('mailto:ada@lab.test')
  expect(contact({ MATE_BENCH_CONTACT: 'https://lab.test/sign-up' })?.href).toBe('https://lab.test/sign-up')
  expect(repository({ MATE_BENCH_REPOSITORY: 'https://code.test/mate-bench' })?.href).toBe(
    'https://code.test/mate-bench',
  )
  for (const text of [undefined, '', 'ada', 'javascript:alert(1)', 'data:text/html,x']) {
    expect(contact({ MATE_BENCH_CONTACT: text })).toBeUndefined()
    expect(repository({ MATE_BENCH_REPOSITORY: text })).toBeUndefined()
  }
})

const entry = { id: 'entry_1', name: 'a & b', url: 'https://bench.example/entries/entry_1' }

describe('discussionUrl', () => {
  it('fills in what it is about, as a part of an address', () => {
    const env = { MATE_BENCH_DISCUSSION: 'https://forum.example/new?title={name}&body={url}&tag={id}' }
    expect(discussionUrl(entry, env)?.href).toBe(
      'https://forum.example/new?title=a%20%26%20b&body=https%3A%2F%2Fbench.example%2Fentries%2Fentry_1&tag=entry_1',
    )
  })

  it('is nothing where none is set', () => {
    expect(discussionUrl(entry, {})).toBeUndefined()
    expect(discussionUrl(entry, { MATE_BENCH_DISCUSSION: '' })).toBeUndefined()
  })
})

it('takes addresses of the web alone for all else', () => {
  for (const text of ['javascript:alert(1)', 'ftp://a.example', 'not an address', '']) {
    expect(repository({ MATE_BENCH_REPOSITORY: text }), text).toBeUndefined()
    expect(dataLicence({ MATE_BENCH_LICENCE: text }), text).toBeUndefined()
    expect(discussionUrl(entry, { MATE_BENCH_DISCUSSION: text }), text).toBeUndefined()
  }
  expect(repository({ MATE_BENCH_REPOSITORY: 'https://git.example/bench' })?.host).toBe('git.example')
})
