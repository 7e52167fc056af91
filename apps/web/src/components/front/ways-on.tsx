const ways = [
  ['Browse the board', '#board', 'button button-primary'],
  ['Reproduce a number', '/docs/check', 'button'],
  ['Submit a method', '/docs/submit', 'button'],
] as const

/** The three things that one can do here. */
export function WaysOn({ hasBoard }: { readonly hasBoard: boolean }) {
  return (
    <nav aria-label="Ways on" className="mt-4 flex flex-wrap gap-2.5">
      {ways
        .filter(([, href]) => hasBoard || href !== '#board')
        .map(([name, href, className]) => (
          <a key={href} href={href} className={className}>
            {name}
          </a>
        ))}
    </nav>
  )
}
