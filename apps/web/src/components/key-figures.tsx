export interface KeyFigure {
  readonly name: string
  readonly value: string
  readonly note: string
}

/** All in one row of a wide page. */
const columnsOf = (count: number) =>
  count > 6 ? 'lg:grid-cols-4 xl:grid-cols-7' : count > 5 ? 'lg:grid-cols-6' : 'lg:grid-cols-5'

/** The few figures that a reader comes for. */
export function KeyFigures({ figures }: { figures: readonly KeyFigure[] }) {
  return (
    <dl
      className={`card mt-5 grid grid-cols-2 gap-x-6 gap-y-4 px-5 py-4 sm:grid-cols-3 ${columnsOf(figures.length)}`}
    >
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt className="text-[0.85rem] text-soft">{name}</dt>
          <dd className="text-[1.45rem] font-semibold tracking-tight tabular-nums">{value}</dd>
          <dd className="text-[0.85rem] text-soft tabular-nums">{note}</dd>
        </div>
      ))}
    </dl>
  )
}
