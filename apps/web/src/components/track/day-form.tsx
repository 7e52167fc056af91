import type { ReactNode } from 'react'
import type { AskedDay } from '../../view/track-history.ts'

interface DayFormProps extends AskedDay {
  /** The page that shows the day. */
  readonly action: string
  /** The same page as of now. */
  readonly today: string
  /** Day of the first run. */
  readonly first: string | undefined
  /** Fields that keep the rest of the view. */
  readonly children?: ReactNode
}

/** Asks for a day; the day is part of the address. */
export function DayForm({ asked, day, action, today, first, children }: DayFormProps) {
  const faulty = asked !== undefined && day === undefined
  return (
    <form method="get" action={action} className="flex flex-wrap items-end gap-x-3 gap-y-2">
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
      {children}
      <button type="submit" className="button">
        Show
      </button>
      {day === undefined ? null : (
        <a className="link pb-1.5" href={today}>
          Today
        </a>
      )}
      {faulty ? (
        <p id="day-fault" className="basis-full text-bad">
          Not a date. Write it as 2026-12-01.
        </p>
      ) : null}
    </form>
  )
}
