import { expect, it } from 'vitest'
import { importAnswers } from './testing/answers.ts'

const headers = { 'content-security-policy': "script-src 'nonce-abc' 'strict-dynamic'" }
const own = '<script nonce="abc">theme()</script><script nonce="abc" src="/scripts/x.js" defer=""></script>'
const ofReact =
  '<link rel="preload" as="script" fetchPriority="low" nonce="abc" href="/_next/static/chunks/a.js"/>' +
  '<script src="/_next/static/chunks/a.js" async="" nonce="abc"></script>' +
  '<script nonce="abc">self.__next_f.push([1,"all of it"])</script>'

it('takes React, and what it is told, out of a page that does not need it', async () => {
  const { withoutReact } = await importAnswers('without-react')
  expect(withoutReact(headers, `${own}<p>one</p>${ofReact}`)).toBe(`${own}<p>one</p>`)
})

it('leaves it where a part of the page needs it, and what bears no nonce as it is', async () => {
  const { withoutReact } = await importAnswers('without-react')
  const page = `<meta name="needs-react" content="true"/>${own}${ofReact}`
  expect(withoutReact(headers, page)).toBe(page)
  const smuggled = '<script>self.__next_f.push([1,"x"])</script>'
  expect(withoutReact(headers, smuggled)).toBe(smuggled)
  expect(withoutReact({}, `${own}${ofReact}`)).toBe(`${own}${ofReact}`)
})
