import { editorHref, type StartingSpec } from '../view/starting-spec.ts'

/** In the place of entries where there are none: how to make the first one. */
export function NoEntry(start: StartingSpec) {
  return (
    <p className="card p-4">
      No entry yet.{' '}
      <a className="link" href={editorHref(start)}>
        Open a spec with <code>{start.method ?? start.backbone}</code> in the editor
      </a>{' '}
      and submit it, or read{' '}
      <a className="link" href="/docs/submit">
        how to get a method on the board
      </a>
      .
    </p>
  )
}
