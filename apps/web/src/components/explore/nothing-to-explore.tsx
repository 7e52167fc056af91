interface Props {
  readonly run: { readonly id: string; readonly entryId: string; readonly name: string }
  readonly reason: string
}

/** In the place of the explorer, of a run whose predictions cannot be read. */
export function NothingToExplore({ run, reason }: Props) {
  return (
    <div className="card mt-5 max-w-[75ch] px-5 py-4">
      <p>
        The explorer shows which images leave at which exit, and what accuracy a budget buys, computed from
        the run’s predictions. {reason}
      </p>
      <p className="mt-3 flex flex-wrap gap-2.5">
        <a className="button button-primary" href={`/runs/${run.id}#files`}>
          How to get them
        </a>
        <a className="button" href={`/entries/${run.entryId}#curves`}>
          Budget curves of {run.name}
        </a>
      </p>
    </div>
  )
}
