interface ContentsProps {
  readonly title: string
  readonly parts: readonly (readonly [id: string, name: string])[]
}

/** The parts of a long page: beside it on wide screens, above it on narrow ones. */
export function Contents({ title, parts }: ContentsProps) {
  return (
    <nav aria-label={title} className="mt-6 self-start text-[0.93rem] lg:sticky lg:top-6 lg:mt-9 no-print">
      <p className="font-semibold">{title}</p>
      <ul className="mt-1.5 flex flex-wrap gap-x-5 gap-y-1 lg:flex-col">
        {parts.map(([id, name]) => (
          <li key={id}>
            <a className="text-soft hover:text-ink hover:underline" href={`#${id}`}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
