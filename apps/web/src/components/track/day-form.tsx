interface DayFormProps {
  /** As the address has it. */
  readonly asked: string | undefined
  /** The same where it is a day. */
  readonly day: string | undefined
  readonly trackKey: string
  /** Day of the first run. */
  readonly first: string | undefined
}

/** Asks for a day; the day is part of the address. */
export function DayForm({ asked, day, trackKey, first }: DayFormProps) {
  const faulty = asked !== undefined && asked !== '' && day === undefined
  return (
    <form method="get" action={`/tracks/${trackKey}`} className="flex flex-wrap items-end gap-x-3 gap-y-2">
      <label className="flex flex-col text-[0.85rem] text-soft">
        Day
        <input
          className="field"
          type="date"
          name="at"
          defaultValue={day ?? ''}
          min={first}
          aria-invalid={faulty || undefined}
          aria-describedby={faulty ? 'day-fault' : undefined}
        />
      </label>
      <button type="submit" className="button">
        Show
      </button>
      {day === undefined ? null : (
        <a className="link pb-1.5" href={`/tracks/${trackKey}`}>
          Today
        </a>
      )}
      {faulty ? (
        <p id="day-fault" className="basis-full text-bad">
          That is no day: write it as 2026-12-01.
        </p>
      ) : null}
    </form>
  )
}
