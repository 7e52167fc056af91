'use client'

import { useEffect, useState } from 'react'
import type { Checked } from './check-run-events.ts'

type State =
  | { readonly step: 'waiting' }
  | { readonly step: 'done'; readonly results: readonly Checked[] }
  | { readonly step: 'failed'; readonly why: string }

/** Fetches the proofs of a run and computes them again here: the server's word is not taken for it. */
export function LedgerCheck({ runId, isSigned }: { runId: string; isSigned: boolean }) {
  const [state, setState] = useState<State>({ step: 'waiting' })
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const load = async (path: string) => {
      const response = await fetch(`/api/v1/${path}`, { signal })
      if (response.status === 404) return undefined
      if (!response.ok) throw new Error(`The proofs could not be loaded (${response.status}).`)
      return await response.json()
    }
    // After the page: hashes and schemas are as much script again as all the rest.
    const check = async () => {
      const { checkRunEvents } = await import('./check-run-events.ts')
      return await checkRunEvents(runId, isSigned, load)
    }
    check().then(
      (results) => setState({ step: 'done', results }),
      (thrown: unknown) => {
        if (!signal.aborted) setState({ step: 'failed', why: thrown instanceof Error ? thrown.message : '' })
      },
    )
    return () => controller.abort()
  }, [runId, isSigned])
  if (state.step === 'waiting')
    return <p className="text-soft">Checked in the browser once its script runs.</p>
  if (state.step === 'failed') return <p className="text-bad">Not checked. {state.why}</p>
  const holds = state.results.every(({ ok }) => ok !== false)
  return (
    <div role="status">
      <p className={holds ? 'text-good' : 'text-bad'}>
        {holds ? 'Checked in your browser: the proofs hold.' : 'Checked in your browser: a proof fails.'}
      </p>
      <ul className="mt-1 space-y-0.5">
        {state.results.map(({ ok, text }) => (
          <li key={text}>
            <Mark ok={ok} /> {text}
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Of one proof; a dash where there is nothing to prove. */
function Mark({ ok }: Pick<Checked, 'ok'>) {
  const [sign, word, className] =
    ok === undefined
      ? ['–', 'not signed: ', 'text-soft']
      : ok
        ? ['✓', 'holds: ', 'text-good']
        : ['✗', 'fails: ', 'text-bad']
  return (
    <>
      <span aria-hidden="true" className={className}>
        {sign}
      </span>
      <span className="sr-only">{word}</span>
    </>
  )
}
