import { methods } from '@mate-bench/methods'
import { describe, expect, it } from 'vitest'
import { shortCitation } from './short-citation.ts'

describe('shortCitation', () => {
  it('names a paper by its first author and year', () => {
    expect(shortCitation('Y. Zhang, T. Xiang. Deep Mutual Learning. CVPR 2018. https://x.org/1706')).toBe(
      'Zhang et al. 2018',
    )
    expect(shortCitation('J.-P. Mei, C. Wang. A Title. 25(4):585-599, 2024.')).toBe('Mei et al. 2024')
    expect(shortCitation('A. Lone. One, Two, Three. ICML 2025.')).toBe('Lone 2025')
  })

  it.each(methods.map(({ name, citation }) => [name, citation]))('%s has one', (_, citation) => {
    expect(shortCitation(citation)).toMatch(/^\p{Lu}\p{L}+( et al\.)? (19|20)\d\d$/u)
  })
})
