import { plural } from '../view/numbers.ts'
import { editorHref, type StartingSpec } from '../view/starting-spec.ts'

interface EntryCountProps {
  readonly entries: number
  /** What a first entry would be made with. */
  readonly start: StartingSpec
}

/** How many entries a method or backbone has; the way to the first one where it has none. */
export function EntryCount({ entries, start }: EntryCountProps) {
  if (entries > 0) return plural(entries, 'entry', 'entries')
  const name = start.method ?? start.backbone
  return (
    <>
      No entry yet:{' '}
      <a className="link" href={editorHref(start)} aria-label={`Start a spec with ${name}`}>
        start a spec
      </a>
    </>
  )
}
