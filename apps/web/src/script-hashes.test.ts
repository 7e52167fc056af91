import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { importAnswers } from './testing/answers.ts'

const nonce = 'bm9uY2U='
const policy = `default-src 'self'; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; object-src 'none'`
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

async function convert(html: string) {
  const { withScriptHashes } = await importAnswers('script-hashes')
  const headers = { 'content-security-policy': policy, link: `</a.css>; rel=preload; nonce="${nonce}"` }
  const made = withScriptHashes(headers, html)
  const rule = (name: string) =>
    new RegExp(`${name} ([^;]*)`).exec(made.headers['content-security-policy'] ?? '')?.[1]
  return { ...made, rule }
}

it('names the scripts that bore the nonce, as the browser reads them, and takes the nonce out', async () => {
  const { headers, html, rule } = await convert(
    `<script nonce="${nonce}">one()</script><script src="/a.js" async="" nonce="${nonce}"></script>` +
      `<script id="x" nonce="${nonce}">push("\\"nonce\\":\\"${nonce}\\"")</script>`,
  )
  expect(html).toBe(
    '<script>one()</script><script src="/a.js" async=""></script><script id="x">push("\\"nonce\\":\\"\\"")</script>',
  )
  expect(rule('script-src')).toBe(`'self' ${hashOf('one()')} ${hashOf('push("\\"nonce\\":\\"\\"")')}`)
  expect(rule('style-src')).toBe("'self'")
  expect(rule('object-src')).toBe("'none'")
  expect(headers.link).toBe('</a.css>; rel=preload')
})

it('lets nothing run that did not bear it', async () => {
  const { rule } = await convert(
    `<script>smuggled()</script><script nonce="guess">guessed()</script><p nonce="${nonce}"></p>` +
      `<script nonce="${nonce}">own()</script>`,
  )
  expect(rule('script-src')).toBe(`'self' ${hashOf('own()')}`)
})

it('leaves a policy without a nonce as it is', async () => {
  const { withScriptHashes } = await importAnswers('script-hashes')
  const headers = { 'content-security-policy': "default-src 'none'" }
  expect(withScriptHashes(headers, '<script>a</script>')).toEqual({ headers, html: '<script>a</script>' })
})

describe('what React needs of a page', () => {
  const headers = { 'content-security-policy': policy }
  const page =
    `<p>shown</p><script nonce="${nonce}">(self.__next_f=self.__next_f||[]).push([0])</script>` +
    `<script nonce="${nonce}">self.__next_f.push([1,"a $& \\"${nonce}\\""])</script><i></i>` +
    `<script nonce="${nonce}">own()</script>`

  it('is put into a file that is named by its content, and read before the document counts as loaded', async () => {
    const { takePageData, pageDataAt } = await importAnswers('page-data')
    const { html, data } = takePageData(headers, page, '/?sort=macs&page=2')
    expect(data).toBe('(self.__next_f=self.__next_f||[]).push([0]);\nself.__next_f.push([1,"a $& \\"\\""])\n')
    const [, src = ''] =
      /^<p>shown<\/p><script src="([^"]+)"><\/script><i><\/i><script nonce/.exec(html) ?? []
    const digest = createHash('sha256')
      .update(data ?? '')
      .digest('base64url')
      .slice(0, 27)
    expect(pageDataAt(src)).toEqual({ digest, page: '/?sort=macs&page=2' })
  })

  it('is taken from scripts of the site alone', async () => {
    const { takePageData } = await importAnswers('page-data')
    const smuggled = page.replaceAll(` nonce="${nonce}"`, ' nonce="guess"')
    expect(takePageData(headers, smuggled, '/')).toEqual({ html: smuggled, data: undefined })
  })

  it.each(['/_page/short.js?of=/', `/_page/${'a'.repeat(27)}.js?of=%ff`, `/_page/${'a'.repeat(27)}.js`])(
    'is not at %s',
    async (url) => expect((await importAnswers('page-data')).pageDataAt(url)).toBeUndefined(),
  )
})
