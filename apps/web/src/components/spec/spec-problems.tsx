import { plural } from '../../view/numbers.ts'
import type { PlacedProblem } from './check-spec.ts'

interface SpecProblemsProps {
  /** Of the line that says how many there are. */
  readonly verdictId: string
  readonly problems: readonly PlacedProblem[]
  /** Shows a line of the text, from 1. */
  readonly onLine: (line: number) => void
}

/** Every problem with its place, and what to do about it. */
export function SpecProblems({ verdictId, problems, onLine }: SpecProblemsProps) {
  return (
    <>
      <h2 id={verdictId} className="text-[1.05rem] text-bad">
        {plural(problems.length, 'problem')}
      </h2>
      <ul className="mt-2 space-y-2.5">
        {problems.map(({ path, message, hint, line }) => (
          <li key={`${path} ${message}`}>
            {line === undefined ? null : (
              <button type="button" className="link mr-2 text-[0.92rem]" onClick={() => onLine(line)}>
                line {line}
              </button>
            )}
            {path ? <code className="font-semibold">{path}</code> : null}
            <p>{message}</p>
            {hint ? <p className="text-[0.92rem] text-soft">{hint}</p> : null}
          </li>
        ))}
      </ul>
    </>
  )
}

/** In the place of a verdict, where there can be none. */
export function NoChecker({ verdictId }: { readonly verdictId: string }) {
  return (
    <p id={verdictId} className="text-bad">
      The checker could not be loaded. Copy your spec, then reload the page.
    </p>
  )
}
