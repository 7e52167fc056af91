import type { ReactNode } from 'react'
import { plural } from '../view/numbers.ts'

interface CatalogueProps {
  readonly title: string
  readonly lead: ReactNode
  readonly items: readonly CatalogueItem[]
}

interface CatalogueItem {
  /** As specs name it. */
  readonly name: string
  readonly title: string
  readonly href: string
  /** How many entries have it. */
  readonly entries: number
  readonly body: ReactNode
}

/** What a spec can choose from, a card each. */
export function Catalogue({ title, lead, items }: CatalogueProps) {
  return (
    <>
      <h1>{title}</h1>
      <p className="mt-1 mb-5 max-w-[75ch] text-soft">{lead}</p>
      <ul className="grid gap-4 md:grid-cols-2">
        {items.map((item) => (
          <li key={item.name} className="card px-4 py-3.5">
            <h2 className="text-[1.05rem]">
              <a className="link" href={item.href}>
                {item.title}
              </a>{' '}
              <code className="font-normal text-soft">{item.name}</code>
            </h2>
            {item.body}
            <p className="mt-1 text-[0.9rem] text-soft">
              {item.entries === 0 ? 'No entry yet' : plural(item.entries, 'entry', 'entries')}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
