import { expect, it } from 'vitest'
import { contact, repository } from './site-settings.ts'

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
