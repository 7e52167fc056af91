'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import * as z from 'zod/mini'
import { postToApi } from '../api-call.ts'

export type Act = 'approve' | 'reject' | 'cancel'

interface ActFormProps {
  readonly id: string
  readonly acts: readonly Act[]
  /** Where a token comes from. */
  readonly tokenSource: ReactNode
}

/** Of the API. */
const mostNote = 500

const labels = { approve: 'Approve', reject: 'Reject', cancel: 'Cancel' } as const

/** Decisions that need a token: of scope `approve`, or the owner's to cancel. */
export function ActForm({ id, acts, tokenSource }: ActFormProps) {
  const router = useRouter()
  const [token, setToken] = useState('')
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')

  const act = async (name: Act) => {
    setBusy(true)
    setFailure('')
    const query = note.trim() === '' ? '' : `?${new URLSearchParams({ note: note.trim() })}`
    const path = `/submissions/${id}/${name}${query}`
    const outcome = await postToApi({ path, token, answer: z.unknown() })
    setBusy(false)
    if (outcome.ok) {
      setNote('')
      router.refresh()
    } else {
      setFailure(outcome.reason)
    }
  }

  return (
    <details className="fold card mt-4 px-4 py-2.5">
      <summary>{acts.map((name) => labels[name]).join(', ')}</summary>
      <p className="mt-2 text-[0.9rem] text-soft">
        The submitter can cancel it with their own token. To approve or reject: {tokenSource}
      </p>
      <form onSubmit={(event) => event.preventDefault()} className="mt-2.5 flex flex-wrap items-end gap-3">
        <label className="flex flex-col gap-0.5 text-[0.88rem] text-soft">
          Token
          <input
            type="password"
            value={token}
            onChange={(event) => setToken(event.target.value)}
            autoComplete="off"
            className="field w-72 font-mono text-ink"
          />
        </label>
        <label className="flex w-full max-w-96 flex-col gap-0.5 text-[0.88rem] text-soft">
          Note (optional)
          <input
            value={note}
            onChange={(event) => setNote(event.target.value)}
            maxLength={mostNote}
            placeholder="shown in the history"
            autoComplete="off"
            className="field text-ink"
          />
        </label>
        {acts.map((name) => (
          <button
            key={name}
            type="button"
            className="button disabled:opacity-55"
            disabled={busy || token === ''}
            onClick={() => act(name)}
          >
            {labels[name]}
          </button>
        ))}
      </form>
      <p role="alert" className="mt-2 text-bad empty:hidden">
        {failure}
      </p>
    </details>
  )
}
