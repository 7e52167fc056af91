import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface Component {
  readonly file: string
  readonly text: string
}

const source = join(import.meta.dirname, '..')
const components = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tsx'))
  .map((file): Component => ({ file, text: readFileSync(join(source, file), 'utf8') }))
/** What shows that a page failed is never kept. */
const ofFailures = ['app/error.tsx', 'app/global-error.tsx']
const isMarked = ({ text }: Component) => text.startsWith("'use client'")
const usersOf = ({ file }: Component) => components.filter(({ text }) => text.includes(`/${basename(file)}'`))

/** Marked so, or a part of such components alone. */
function runsInBrowser(component: Component): boolean {
  const users = usersOf(component)
  return isMarked(component) || (users.length > 0 && users.every(runsInBrowser))
}

const marked = components.filter((one) => isMarked(one) && !ofFailures.includes(one.file))

describe('a component that runs by React', () => {
  it.each(marked)('is announced wherever the server renders it: $file', (component) => {
    const silent = usersOf(component).filter(
      (user) => !runsInBrowser(user) && !user.text.includes('<NeedsReact />'),
    )
    expect(silent.map(({ file }) => file)).toEqual([])
  })

  it('is there at all', () => {
    expect(marked.length).toBeGreaterThan(4)
    expect(marked.some((one) => usersOf(one).some((user) => !runsInBrowser(user)))).toBe(true)
  })
})
