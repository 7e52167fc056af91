/** The feed among a page's alternates, which a page with others of its own has to repeat. */
export const feed = { types: { 'application/atom+xml': '/feed.xml' } } as const
