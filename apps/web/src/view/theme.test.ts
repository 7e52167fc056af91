import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { parseTheme, themeScript } from './theme.ts'

/** The script in a browser whose storage holds this, or refuses to be asked. */
function datasetAfter(getItem: (key: string) => string | null): Record<string, string> {
  const dataset: Record<string, string> = {}
  runInNewContext(themeScript, { document: { documentElement: { dataset } }, localStorage: { getItem } })
  return dataset
}

describe('the theme', () => {
  it('stands on the page before it is painted', () => {
    expect(datasetAfter((key) => (key === 'theme' ? 'dark' : null))).toEqual({ scripted: '', theme: 'dark' })
  })

  it('is that of the device where nothing, something else or no storage is there', () => {
    for (const stored of ['system', '"><script>', null]) {
      expect(datasetAfter(() => stored)).toEqual({ scripted: '' })
      expect(parseTheme(stored)).toBe('system')
    }
    const refuse = () => {
      throw new Error('storage is switched off')
    }
    expect(datasetAfter(refuse)).toEqual({ scripted: '' })
  })
})
