/**
 * First author and year of a full citation, as prose names a paper: `Zhang et al. 2018`. Of several papers the first.
 *
 * @param citation authors with initials first, separated by commas; then a full stop and the rest
 */
export function shortCitation(citation: string): string {
  const [first = '', second] = citation.split(', ')
  // What follows initials: a surname of one word or several, up to the end of the authors.
  const surname = first.replace(/^(?:\p{Lu}\.[- ]?)+/u, '').split('. ')[0] ?? ''
  const isAlone = second === undefined || first.includes('. ', first.indexOf(surname))
  const year = /\b(?:19|20)\d{2}\b/.exec(citation)?.[0] ?? ''
  return `${surname}${isAlone ? '' : ' et al.'} ${year}`.trim()
}
